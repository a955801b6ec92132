package dev.forearm.datasets.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.core.sync.RequestBody;

/** A stretch of a file in memory, and its MD5: what S3 tells it by, against accidents only. */
final class FilePart {
  private final byte[] bytes;
  private final byte[] md5;

  private FilePart(byte[] bytes) {
    this.bytes = bytes;
    try {
      md5 = MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Of bytes that stay as they are. */
  static FilePart of(byte[] bytes) {
    return new FilePart(bytes);
  }

  /** Reads {@code length} bytes from {@code at} on, fewer at the end of the file. */
  static FilePart read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, file.size() - at));
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return new FilePart(bytes.array());
  }

  int length() {
    return bytes.length;
  }

  byte[] md5() {
    return md5.clone();
  }

  /** The entity tag that S3 gives it. */
  String tag() {
    return HexFormat.of().formatHex(md5);
  }

  /** The header by which S3 refuses it if it arrives as another. */
  String contentMd5() {
    return Base64.getEncoder().encodeToString(md5);
  }

  RequestBody body() {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes), bytes.length, "application/octet-stream");
  }
}
