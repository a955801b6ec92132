package dev.forearm.runtime.mcap;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads a finished file, its messages in the order of log time and, of equal times, of the file.
 * Whoever wrote it: with or without summary, indexes and chunks. Owned by one thread.
 */
public final class McapReader implements AutoCloseable {
  private static final McapVisitor NOBODY = (channel, sequence, log, publish, payload) -> {};

  private final Path path;
  private final FileBytes file;
  private final RecordDecoder definitions = new RecordDecoder(NOBODY);
  private final Map<Integer, Long> messageCounts = new HashMap<>();
  private final DataSection data;
  private long startNanos;
  private long endNanos;

  private record Pending(
      McapChannel channel,
      long sequence,
      long logNanos,
      long publishNanos,
      ByteBuffer payload,
      long spanAt,
      int number) {}

  private McapReader(Path path, FileBytes file) throws IOException, DamagedRecord {
    this.path = path;
    this.file = file;
    byte[] magic = Opcode.magic();
    requireMagic(magic);
    long footerAt = file.size() - magic.length - Opcode.FOOTER_BYTES;
    RecordCursor footer = new RecordCursor(file.read(footerAt, Opcode.FOOTER_BYTES));
    if (footer.u8() != Opcode.FOOTER || footer.u64() != Opcode.FOOTER_BYTES - Opcode.PREFIX_BYTES) {
      throw new DamagedRecord("no footer is where it should be");
    }
    long summaryAt = footer.u64();
    long offsetsAt = footer.u64();
    long end = summaryAt == 0 ? footerAt : summaryAt;
    if (end < magic.length || end > footerAt) {
      throw new DamagedRecord("its footer puts the summary at byte %s".formatted(summaryAt));
    }
    ByteBuffer summary = file.read(end, footerAt - end + Opcode.FOOTER_BYTES - 4);
    checkCrc(summary, footer.u32());
    data = DataSection.walk(file, definitions, end);
    long summaryEnd = summaryAt == 0 || offsetsAt == 0 ? footerAt : offsetsAt;
    if (!statistics(new RecordCursor(summary).part(summaryEnd - end))) {
      survey();
    }
  }

  /**
   * Opens a file and finds what is in it.
   *
   * @throws RuntimeFault if the file is missing, is not MCAP, was not finished, or is damaged
   */
  public static McapReader open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) { // a pipe would be waited for
      throw new RuntimeFault("read %s: it is no file; name an MCAP file".formatted(path));
    }
    FileBytes file = null;
    try {
      file = new FileBytes(FileChannel.open(path));
      return new McapReader(path, file);
    } catch (NoSuchFileException e) {
      throw new RuntimeFault("read %s: there is no such file; check the name".formatted(path), e);
    } catch (IOException | DamagedRecord e) {
      closeQuietly(file, e);
      throw unreadable(path, e);
    }
  }

  private static RuntimeFault unreadable(Path path, Exception e) {
    return new RuntimeFault(
        e instanceof DamagedRecord damaged
            ? "read %s: %s; %s".formatted(path, damaged.getMessage(), damaged.remedy())
            : "read %s: %s; check that it may be read".formatted(path, e),
        e);
  }

  private static void closeQuietly(@Nullable FileBytes file, Exception cause) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void requireMagic(byte[] magic) throws IOException, DamagedRecord {
    long size = file.size();
    if (size < magic.length || !Arrays.equals(file.read(0, magic.length).array(), magic)) {
      throw new DamagedRecord(
          size == 0 ? "it is empty" : "it does not start as MCAP version 0 does", "leave it out");
    }
    if (size < 2L * magic.length + Opcode.FOOTER_BYTES
        || !Arrays.equals(file.read(size - magic.length, magic.length).array(), magic)) {
      throw new DamagedRecord(
          "it ends at byte %s without a footer, wanted a finished MCAP file".formatted(size));
    }
  }

  private static void checkCrc(ByteBuffer summary, long wanted) throws DamagedRecord {
    CRC32 crc = new CRC32();
    crc.update(summary.duplicate());
    if (wanted != 0 && crc.getValue() != wanted) {
      throw new DamagedRecord(
          String.format(
              Locale.ROOT, "its summary's CRC is %08x, not %08x", crc.getValue(), wanted));
    }
  }

  /** Reads the counts; false if there are none, or they count channels that are still unknown. */
  private boolean statistics(RecordCursor summary) throws DamagedRecord {
    boolean complete = false;
    while (summary.remaining() > 0) {
      byte opcode = summary.u8();
      RecordCursor content = summary.part(summary.u64());
      if (opcode == Opcode.STATISTICS) {
        content.slice(8 + 2);
        complete = content.u32() == definitions.channels().size();
        content.slice(3 * 4);
        startNanos = content.u64();
        endNanos = content.u64();
        RecordCursor counts = content.part(content.u32());
        while (counts.remaining() > 0) {
          messageCounts.put(counts.u16(), counts.u64());
        }
      }
    }
    return complete;
  }

  /** Counts the messages and meets the channels that are defined inside of chunks. */
  private void survey() throws IOException, DamagedRecord {
    messageCounts.clear();
    startNanos = Long.MAX_VALUE;
    endNanos = Long.MIN_VALUE;
    RecordDecoder decoder =
        new RecordDecoder(
            (channel, sequence, log, publish, payload) -> {
              messageCounts.merge(channel.id(), 1L, Long::sum);
              startNanos = Math.min(startNanos, log);
              endNanos = Math.max(endNanos, log);
            },
            definitions);
    for (DataSection.Span span : data.spans()) {
      decoder.records(new RecordCursor(file.read(span.at(), span.length())));
    }
    if (messageCounts.isEmpty()) {
      startNanos = 0;
      endNanos = 0;
    }
  }

  /** Channels in the order of their ids. */
  public List<McapChannel> channels() {
    return definitions.channels().values().stream()
        .sorted(Comparator.comparingInt(McapChannel::id))
        .toList();
  }

  /** The metadata record of a name, of equal names the last; empty if there is none. */
  public Map<String, String> metadata(String name) {
    List<Map<String, String>> records = metadataRecords(name);
    return records.isEmpty() ? Map.of() : records.getLast();
  }

  /** All metadata records of a name, in the order of the file. */
  public List<Map<String, String>> metadataRecords(String name) {
    return data.metadata().getOrDefault(name, List.of());
  }

  /** Messages on a topic; 0 if it was not recorded. */
  public long messageCount(String topic) {
    return channels().stream()
        .filter(channel -> channel.topic().equals(topic))
        .mapToLong(channel -> messageCounts.getOrDefault(channel.id(), 0L))
        .sum();
  }

  /** Messages on all topics. */
  public long messageCount() {
    return messageCounts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Log time of the first message. */
  public long startNanos() {
    return startNanos;
  }

  /** Log time of the last message. */
  public long endNanos() {
    return endNanos;
  }

  /**
   * Visits the messages of all topics.
   *
   * @throws RuntimeFault if a chunk is damaged or the file cannot be read
   */
  public void read(McapVisitor visitor) {
    read(null, visitor);
  }

  /**
   * Visits the messages of some topics.
   *
   * @throws RuntimeFault if a chunk is damaged or the file cannot be read
   */
  public void read(@Nullable Set<String> topics, McapVisitor visitor) {
    read(topics, Long.MIN_VALUE, Long.MAX_VALUE, visitor);
  }

  /**
   * Visits the messages of some topics and of some time, without reading the rest of the file.
   *
   * @param topics null: all
   * @param fromNanos log time of the first
   * @param toNanos log time of the last
   * @throws RuntimeFault if a chunk is damaged or the file cannot be read
   */
  public void read(
      @Nullable Set<String> topics, long fromNanos, long toNanos, McapVisitor visitor) {
    PriorityQueue<Pending> pending =
        new PriorityQueue<>(
            Comparator.comparingLong(Pending::logNanos)
                .thenComparingLong(Pending::spanAt)
                .thenComparingInt(Pending::number));
    try {
      for (DataSection.Span span : inOrderOfTime()) {
        if (span.endNanos() < fromNanos || span.startNanos() > toNanos) {
          continue;
        }
        visitBefore(span.startNanos(), pending, visitor);
        int[] number = {0};
        RecordDecoder decoder =
            new RecordDecoder(
                (channel, sequence, log, publish, payload) -> {
                  if (log >= fromNanos
                      && log <= toNanos
                      && (topics == null || topics.contains(channel.topic()))) {
                    pending.add(
                        new Pending(
                            channel, sequence, log, publish, payload, span.at(), number[0]++));
                  }
                },
                definitions);
        decoder.records(new RecordCursor(file.read(span.at(), span.length())));
      }
      visitBefore(Long.MAX_VALUE, pending, visitor);
    } catch (IOException | DamagedRecord e) {
      throw unreadable(path, e);
    }
  }

  private List<DataSection.Span> inOrderOfTime() {
    return data.spans().stream()
        .sorted(Comparator.comparingLong(DataSection.Span::startNanos))
        .toList();
  }

  /** Spans come by start time, so no later one holds a message before {@code nanos}. */
  private static void visitBefore(long nanos, PriorityQueue<Pending> pending, McapVisitor visitor)
      throws IOException {
    for (Pending next = pending.peek();
        next != null && next.logNanos() < nanos;
        next = pending.peek()) {
      pending.remove();
      visitor.message(
          next.channel(), next.sequence(), next.logNanos(), next.publishNanos(), next.payload());
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new RuntimeFault("close %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
