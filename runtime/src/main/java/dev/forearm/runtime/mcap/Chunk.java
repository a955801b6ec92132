package dev.forearm.runtime.mcap;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/** A chunk's records, uncompressed and checked. */
record Chunk(RecordCursor records) {
  /** More than any writer puts in one chunk; a damaged size must not take all memory. */
  private static final long MAX_PLAIN_BYTES = 512L << 20;

  /**
   * Zstd's densest block gives 128 KiB for four bytes (RFC 8878, 3.1.1.2), a frame adds to that.
   */
  private static final long MAX_RATIO = 32 << 10;

  /** Uncompresses the content of a chunk record and compares its CRC. */
  static Chunk decode(RecordCursor content) throws DamagedRecord {
    content.u64(); // start and end time are the index's business
    content.u64();
    long plainBytes = content.u64();
    long wantedCrc = content.u32();
    String compression = content.string();
    ByteBuffer body = content.slice(content.u64());
    if (plainBytes < 0 || plainBytes > Math.min(MAX_PLAIN_BYTES, MAX_RATIO * body.remaining())) {
      throw new DamagedRecord(
          "a chunk of %s bytes claims %s uncompressed".formatted(body.remaining(), plainBytes));
    }
    byte[] plain =
        switch (compression) {
          case "" -> copy(body, plainBytes);
          case "zstd" -> zstd(body, plainBytes);
          case "lz4" -> lz4(body, plainBytes);
          default ->
              throw new DamagedRecord(
                  "a chunk's compression is '%s', wanted zstd, lz4 or none".formatted(compression));
        };
    CRC32 crc = new CRC32();
    crc.update(plain);
    if (wantedCrc != 0 && crc.getValue() != wantedCrc) {
      throw new DamagedRecord(
          String.format(
              Locale.ROOT, "a chunk's CRC is %08x, wanted %08x", crc.getValue(), wantedCrc));
    }
    return new Chunk(new RecordCursor(ByteBuffer.wrap(plain)));
  }

  private static byte[] copy(ByteBuffer body, long plainBytes) throws DamagedRecord {
    wantSize(body.remaining(), plainBytes);
    return bytes(body);
  }

  private static byte[] bytes(ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }

  private static byte[] zstd(ByteBuffer body, long plainBytes) throws DamagedRecord {
    ZstdLibrary.require();
    byte[] compressed = bytes(body);
    byte[] plain = new byte[(int) plainBytes];
    try {
      wantSize(
          Zstd.decompressByteArray(plain, 0, plain.length, compressed, 0, compressed.length),
          plainBytes);
      return plain;
    } catch (ZstdException e) {
      throw notUncompressed(plainBytes, e);
    }
  }

  /** Frames of LZ4, also of blocks that refer to the one before, as many writers' are. */
  private static byte[] lz4(ByteBuffer body, long plainBytes) throws DamagedRecord {
    try (FramedLZ4CompressorInputStream in =
        new FramedLZ4CompressorInputStream(new ByteArrayInputStream(bytes(body)), true)) {
      byte[] plain = in.readNBytes((int) plainBytes);
      wantSize(plain.length + (in.read() < 0 ? 0 : 1), plainBytes);
      return plain;
    } catch (IOException | RuntimeException e) { // the library throws both of a damaged frame
      throw notUncompressed(plainBytes, e);
    }
  }

  private static DamagedRecord notUncompressed(long plainBytes, Exception e) {
    return new DamagedRecord(
        "a chunk does not uncompress to its %s bytes (%s)".formatted(plainBytes, e.getMessage()));
  }

  private static void wantSize(long found, long wanted) throws DamagedRecord {
    if (found != wanted) {
      throw new DamagedRecord(
          "a chunk holds %s uncompressed bytes and claims %s".formatted(found, wanted));
    }
  }
}
