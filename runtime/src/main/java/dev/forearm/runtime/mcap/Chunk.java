package dev.forearm.runtime.mcap;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;

/** A chunk's records, uncompressed and checked. */
record Chunk(RecordCursor records) {
  /** More than any writer puts in one chunk; a damaged size must not take all memory. */
  private static final long MAX_PLAIN_BYTES = 512L << 20;

  /** Uncompresses the content of a chunk record and compares its CRC. */
  static Chunk decode(RecordCursor content) throws DamagedRecord {
    content.u64(); // start and end time are the index's business
    content.u64();
    long plainBytes = content.u64();
    long wantedCrc = content.u32();
    String compression = content.string();
    ByteBuffer body = content.slice(content.u64());
    if (plainBytes < 0 || plainBytes > MAX_PLAIN_BYTES) {
      throw new DamagedRecord("a chunk claims %s uncompressed bytes".formatted(plainBytes));
    }
    byte[] plain =
        switch (compression) {
          case "" -> copy(body, plainBytes);
          case "zstd" -> decompress(body, plainBytes);
          default ->
              throw new DamagedRecord(
                  "a chunk's compression is '%s', wanted zstd or none".formatted(compression));
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
    byte[] plain = new byte[body.remaining()];
    body.get(plain);
    return plain;
  }

  private static byte[] decompress(ByteBuffer body, long plainBytes) throws DamagedRecord {
    ZstdLibrary.require();
    byte[] compressed = new byte[body.remaining()];
    body.get(compressed);
    try {
      long declared = Zstd.getFrameContentSize(compressed);
      if (declared > 0) { // else the writer did not say
        wantSize(declared, plainBytes);
      }
      byte[] plain = new byte[(int) plainBytes];
      wantSize(
          Zstd.decompressByteArray(plain, 0, plain.length, compressed, 0, compressed.length),
          plainBytes);
      return plain;
    } catch (ZstdException e) {
      throw new DamagedRecord(
          "a chunk does not uncompress to its %s bytes (%s)".formatted(plainBytes, e.getMessage()));
    }
  }

  private static void wantSize(long found, long wanted) throws DamagedRecord {
    if (found != wanted) {
      throw new DamagedRecord(
          "a chunk holds %s uncompressed bytes and claims %s".formatted(found, wanted));
    }
  }
}
