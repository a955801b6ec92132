package dev.forearm.runtime.mcap;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * What the end of a file says about the rest of it. Records are kept as the bytes that will be
 * written, so an hour of chunks costs their index size and no objects.
 */
final class Summary {
  final RecordBuffer schemas;
  final RecordBuffer channels;
  private final RecordBuffer chunkIndexes;
  private final RecordBuffer metadataIndexes;
  private final Arena arena;
  int schemaCount;
  long messages;
  private int chunks;
  private int metadataRecords;
  private long startNanos;
  private long endNanos;

  /**
   * @param arena ends its use
   */
  Summary(Arena arena) {
    this.arena = arena;
    schemas = new RecordBuffer(arena, 1 << 14);
    channels = new RecordBuffer(arena, 1 << 12);
    chunkIndexes = new RecordBuffer(arena, 1 << 14);
    metadataIndexes = new RecordBuffer(arena, 1 << 10);
  }

  /**
   * Notes a chunk that was written.
   *
   * @param at where its record starts in the file
   * @param indexAt where its message indexes start, relative to {@code at}
   * @param indexEnd where they end, relative to {@code at}
   */
  void chunk(
      long chunkStartNanos,
      long chunkEndNanos,
      long at,
      int indexAt,
      List<McapWriter.ChannelIndex> indexes,
      int indexEnd,
      int bodyBytes,
      int plainBytes) {
    startNanos = chunks == 0 ? chunkStartNanos : Math.min(startNanos, chunkStartNanos);
    endNanos = chunks == 0 ? chunkEndNanos : Math.max(endNanos, chunkEndNanos);
    chunks++;
    RecordBuffer to = chunkIndexes;
    to.begin(Opcode.CHUNK_INDEX).u64(chunkStartNanos).u64(chunkEndNanos).u64(at).u64(indexAt);
    to.u32(0);
    int mapFrom = to.size();
    for (int id = 0; id < indexes.size(); id++) {
      if (indexes.get(id).pending() > 0) {
        to.u16(id).u64(indexes.get(id).recordAt);
      }
    }
    to.bytes().putInt(mapFrom - 4, to.size() - mapFrom);
    to.u64(indexEnd - indexAt).bytes(McapWriter.ZSTD).u64(bodyBytes).u64(plainBytes).end();
  }

  void metadata(long at, long length, String name) {
    metadataRecords++;
    metadataIndexes.begin(Opcode.METADATA_INDEX).u64(at).u64(length).string(name).end();
  }

  /**
   * Appends summary, summary offsets and a footer whose CRC, the last four bytes, is still zero.
   *
   * @param at where the summary will start in the file
   */
  void write(RecordBuffer out, long at, List<McapWriter.ChannelIndex> indexes) {
    RecordBuffer statistics = new RecordBuffer(arena, 1 << 10);
    statistics.begin(Opcode.STATISTICS).u64(messages).u16(schemaCount).u32(indexes.size());
    statistics.u32(0).u32(metadataRecords).u32(chunks).u64(startNanos).u64(endNanos);
    statistics.u32(indexes.size() * 10L);
    for (int id = 0; id < indexes.size(); id++) {
      statistics.u16(id).u64(indexes.get(id).written());
    }
    statistics.end();

    RecordBuffer offsets = new RecordBuffer(arena, 1 << 8);
    group(out, offsets, at, Opcode.SCHEMA, schemas);
    group(out, offsets, at, Opcode.CHANNEL, channels);
    group(out, offsets, at, Opcode.STATISTICS, statistics);
    group(out, offsets, at, Opcode.CHUNK_INDEX, chunkIndexes);
    group(out, offsets, at, Opcode.METADATA_INDEX, metadataIndexes);
    long offsetsAt = at + out.size();
    out.copy(offsets.bytes(), 0, offsets.size());
    out.begin(Opcode.FOOTER).u64(at).u64(offsetsAt).u32(0).end();
  }

  private static void group(
      RecordBuffer out, RecordBuffer offsets, long at, byte opcode, RecordBuffer records) {
    if (records.size() > 0) {
      offsets.begin(Opcode.SUMMARY_OFFSET).raw(new byte[] {opcode});
      offsets.u64(at + out.size()).u64(records.size()).end();
      out.copy(records.bytes(), 0, records.size());
    }
  }
}
