package dev.forearm.runtime.mcap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Where a finished file's messages lie, found by walking its data section from record to record. A
 * summary need not name them: messages may stand outside of chunks, and chunks in no index.
 */
final class DataSection {
  /** Prefix, a chunk's start and end; a message's log time stands before that. */
  private static final int TIMES_BYTES = Opcode.PREFIX_BYTES + 16;

  private static final int RUN_BYTES = 1 << 20;

  private final FileBytes file;
  private final RecordDecoder definitions;
  private final List<Span> spans = new ArrayList<>();
  private final Map<String, List<Map<String, String>>> metadata = new LinkedHashMap<>();

  /**
   * Records that lie one behind the other and are read at once: a chunk, or a run of messages.
   *
   * @param startNanos no message in it has an earlier log time
   * @param endNanos nor a later one
   */
  record Span(long startNanos, long endNanos, long at, long length) {}

  private DataSection(FileBytes file, RecordDecoder definitions) {
    this.file = file;
    this.definitions = definitions;
  }

  /**
   * Walks to the end of the data.
   *
   * @param definitions gets the schemas and channels that stand outside of chunks
   * @param end where the summary or footer starts
   */
  static DataSection walk(FileBytes file, RecordDecoder definitions, long end)
      throws IOException, DamagedRecord {
    DataSection section = new DataSection(file, definitions);
    section.walk(end);
    return section;
  }

  /** In the order of the file. */
  List<Span> spans() {
    return spans;
  }

  /** Metadata records by name, each name's in the order of the file. */
  Map<String, List<Map<String, String>>> metadata() {
    return metadata;
  }

  private void walk(long end) throws IOException, DamagedRecord {
    boolean bareMessages = false;
    long at = Opcode.magic().length;
    while (at < end) {
      RecordCursor head = new RecordCursor(file.peek(at, (int) Math.min(TIMES_BYTES, end - at)));
      byte opcode = head.u8();
      long length = head.u64();
      long whole = Opcode.PREFIX_BYTES + length;
      if (opcode == 0 || length < 0 || whole > end - at) {
        throw new DamagedRecord(
            "no record starts at byte %s: type %s, length %s".formatted(at, opcode, length));
      }
      switch (opcode) {
        case Opcode.CHUNK -> spans.add(new Span(head.u64(), head.u64(), at, whole));
        case Opcode.MESSAGE -> {
          head.slice(6);
          addToRun(head.u64(), at, whole);
          bareMessages = true;
        }
        case Opcode.SCHEMA, Opcode.CHANNEL -> definitions.record(opcode, content(at, length));
        case Opcode.METADATA -> {
          RecordCursor content = content(at, length);
          String name = content.string();
          metadata.computeIfAbsent(name, _ -> new ArrayList<>()).add(content.map());
        }
        case Opcode.DATA_END -> {
          if (bareMessages) { // chunks have CRCs of their own
            checkCrc(at, content(at, length).u32());
          }
          return;
        }
        default -> {
          // indexes, attachments and what later versions add hold no messages
        }
      }
      at += whole;
    }
  }

  private RecordCursor content(long at, long length) throws IOException, DamagedRecord {
    return new RecordCursor(file.read(at + Opcode.PREFIX_BYTES, length));
  }

  private void addToRun(long logNanos, long at, long length) {
    Span last = spans.isEmpty() ? null : spans.getLast();
    if (last != null && last.at + last.length == at && last.length + length <= RUN_BYTES) {
      spans.removeLast();
      spans.add(
          new Span(
              Math.min(last.startNanos, logNanos),
              Math.max(last.endNanos, logNanos),
              last.at,
              last.length + length));
    } else {
      spans.add(new Span(logNanos, logNanos, at, length));
    }
  }

  private void checkCrc(long end, long wanted) throws IOException, DamagedRecord {
    if (wanted == 0) {
      return;
    }
    CRC32 crc = new CRC32();
    for (long at = 0; at < end; at += RUN_BYTES) {
      crc.update(file.read(at, Math.min(RUN_BYTES, end - at)));
    }
    if (crc.getValue() != wanted) {
      throw new DamagedRecord(
          String.format(Locale.ROOT, "its data's CRC is %08x, not %08x", crc.getValue(), wanted));
    }
  }
}
