package dev.forearm.models;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) of memory, a mapped file for example. */
public final class Sha256 {
  /** A buffer holds less than 2 GiB. */
  private static final long SLICE_BYTES = 1 << 30;

  private Sha256() {}

  /** The hash in lower-case hexadecimal, as {@code sha256sum} writes it. */
  public static String of(MemorySegment content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (long at = 0; at < content.byteSize(); at += SLICE_BYTES) {
        long bytes = Math.min(SLICE_BYTES, content.byteSize() - at);
        digest.update(content.asSlice(at, bytes).asByteBuffer());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
