package dev.forearm.runtime.mcap;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Compares what a finished file says of itself, its CRCs, message indexes, chunk indexes and
 * counts, with what is in it. Readers that seek go by the indexes; {@link McapReader} does not.
 */
public final class McapAudit {
  private static final int BLOCK_BYTES = 1 << 20;

  private final FileBytes file;
  private final Set<String> findings = new LinkedHashSet<>();
  private final RecordDecoder definitions =
      new RecordDecoder((channel, sequence, log, publish, payload) -> {});

  /** Of each chunk by its place: start time, end time, length of its record. */
  private final Map<Long, List<Long>> chunks = new HashMap<>();

  /** Of the chunk that was read last, by channel: log time and place of each message. */
  private final Map<Integer, List<Long>> inChunk = new HashMap<>();

  private final Map<Integer, Long> counts = new HashMap<>();

  private boolean ended;

  private McapAudit(FileBytes file) {
    this.file = file;
  }

  /** What is wrong with a file, one line each; empty if nothing is. */
  public static List<String> findings(Path path) {
    try (McapReader _ = McapReader.open(path)) { // says so if it is no finished file
      // its own checks are all that is wanted
    } catch (RuntimeFault fault) {
      return List.of(String.valueOf(fault.getMessage()));
    }
    try (FileBytes file = new FileBytes(FileChannel.open(path))) {
      McapAudit audit = new McapAudit(file);
      audit.walk();
      return new ArrayList<>(audit.findings);
    } catch (IOException | DamagedRecord e) {
      return List.of("%s: %s".formatted(path, e.getMessage()));
    }
  }

  private void walk() throws IOException {
    long end = file.size() - Opcode.magic().length;
    long at = Opcode.magic().length;
    while (at < end) {
      RecordCursor prefix = new RecordCursor(file.peek(at, Opcode.PREFIX_BYTES));
      byte opcode = prefix.u8();
      long length = prefix.u64();
      record(opcode, at, file.read(at + Opcode.PREFIX_BYTES, length));
      at += Opcode.PREFIX_BYTES + length;
    }
    if (!ended) {
      findings.add("no record says where the data ends");
    }
  }

  private void record(byte opcode, long at, ByteBuffer bytes) throws IOException {
    RecordCursor content = new RecordCursor(bytes.duplicate());
    switch (opcode) {
      case Opcode.SCHEMA, Opcode.CHANNEL -> definitions.record(opcode, content);
      case Opcode.MESSAGE -> counts.merge(content.u16(), 1L, Long::sum);
      case Opcode.CHUNK -> {
        try {
          chunk(at, content, new RecordCursor(bytes.duplicate()));
        } catch (DamagedRecord e) {
          findings.add("the chunk at byte %s is damaged: %s".formatted(at, e.getMessage()));
        }
      }
      case Opcode.MESSAGE_INDEX -> {
        int channel = content.u16();
        RecordCursor entries = content.part(content.u32());
        List<Long> indexed = new ArrayList<>();
        while (entries.remaining() > 0) {
          indexed.add(entries.u64());
        }
        if (!indexed.equals(inChunk.getOrDefault(channel, List.of()))) {
          findings.add(
              "the index at byte %s is not that of channel %s in its chunk".formatted(at, channel));
        }
      }
      case Opcode.DATA_END -> {
        ended = true;
        dataCrc(at, content.u32());
      }
      case Opcode.CHUNK_INDEX -> {
        List<Long> index = List.of(content.u64(), content.u64());
        long chunkAt = content.u64();
        List<Long> wanted = List.of(index.get(0), index.get(1), content.u64());
        if (!Objects.equals(chunks.remove(chunkAt), wanted)) {
          findings.add("the chunk index at byte %s names no chunk as it is".formatted(at));
        }
      }
      case Opcode.STATISTICS -> statistics(content);
      default -> {
        // nothing here that could be compared
      }
    }
  }

  private void chunk(long at, RecordCursor times, RecordCursor content) throws IOException {
    inChunk.clear();
    long start = times.u64();
    long end = times.u64();
    chunks.put(at, List.of(start, end, (long) Opcode.PREFIX_BYTES + content.remaining()));
    RecordCursor records = Chunk.decode(content).records();
    int size = records.remaining();
    while (records.remaining() > 0) {
      long place = (long) size - records.remaining();
      byte opcode = records.u8();
      RecordCursor record = records.part(records.u64());
      if (opcode != Opcode.MESSAGE) {
        definitions.record(opcode, record);
        continue;
      }
      int channel = record.u16();
      record.u32();
      long logNanos = record.u64();
      inChunk.computeIfAbsent(channel, _ -> new ArrayList<>()).addAll(List.of(logNanos, place));
      counts.merge(channel, 1L, Long::sum);
      if (logNanos < start || logNanos > end || !definitions.channels().containsKey(channel)) {
        findings.add(
            "the chunk at byte %s holds a message of channel %s at %s ns, which it does not announce"
                .formatted(at, channel, logNanos));
      }
    }
  }

  private void dataCrc(long end, long wanted) throws IOException {
    CRC32 crc = new CRC32();
    for (long at = 0; wanted != 0 && at < end; at += BLOCK_BYTES) {
      crc.update(file.read(at, Math.min(BLOCK_BYTES, end - at)));
    }
    if (wanted != 0 && crc.getValue() != wanted) {
      findings.add(
          String.format(
              Locale.ROOT, "the data's CRC is %08x, wanted %08x", crc.getValue(), wanted));
    }
  }

  private void statistics(RecordCursor content) {
    long messages = content.u64();
    content.slice(2 + 4 + 4 + 4 + 4 + 8 + 8);
    RecordCursor entries = content.part(content.u32());
    Map<Integer, Long> claimed = new HashMap<>();
    while (entries.remaining() > 0) {
      claimed.put(entries.u16(), entries.u64());
    }
    claimed.values().removeIf(count -> count == 0);
    long found = counts.values().stream().mapToLong(Long::longValue).sum();
    if (messages != found || !(claimed.isEmpty() || claimed.equals(counts))) {
      findings.add(
          "the statistics count %s messages, the file holds %s, or others a channel"
              .formatted(messages, found));
    }
  }
}
