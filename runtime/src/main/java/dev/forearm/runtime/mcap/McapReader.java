package dev.forearm.runtime.mcap;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads a finished file through its summary: what is in it at once, its messages in the order of
 * log time. Owned by one thread. A file without a summary is refused; recover it first.
 */
public final class McapReader implements AutoCloseable {
  private static final long MAX_SUMMARY_BYTES = 1 << 30;

  private final Path path;
  private final FileChannel file;
  private final List<McapChannel> channels = new ArrayList<>();
  private final Map<String, Map<String, String>> metadata = new LinkedHashMap<>();
  private final Map<Integer, Long> messageCounts = new HashMap<>();
  private final List<ChunkPlace> chunks = new ArrayList<>();
  private long startNanos;
  private long endNanos;

  private record ChunkPlace(long startNanos, long endNanos, long at, long length) {}

  private record Pending(
      McapChannel channel, long sequence, long logNanos, long publishNanos, ByteBuffer payload) {}

  private McapReader(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens a file and reads its summary.
   *
   * @throws RuntimeFault if the file is missing, is not MCAP, was not finished, or its summary is
   *     damaged
   */
  public static McapReader open(Path path) {
    FileChannel file = null;
    try {
      file = FileChannel.open(path);
      McapReader reader = new McapReader(path, file);
      reader.readSummary();
      return reader;
    } catch (NoSuchFileException e) {
      throw new RuntimeFault("read %s: there is no such file; check the name".formatted(path), e);
    } catch (IOException | DamagedRecord e) {
      closeQuietly(file, e);
      throw new RuntimeFault(
          "read %s: %s, wanted a finished MCAP file; recover it, or fetch it again"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private static void closeQuietly(@Nullable FileChannel file, Exception cause) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Channels in the order of their ids. */
  public List<McapChannel> channels() {
    return List.copyOf(channels);
  }

  /** The metadata record of a name, of equal names the last; empty if there is none. */
  public Map<String, String> metadata(String name) {
    return metadata.getOrDefault(name, Map.of());
  }

  /** Messages on a topic; 0 if it was not recorded. */
  public long messageCount(String topic) {
    return channels.stream()
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

  /** Visits the messages of all topics in the order of log time. */
  public void read(McapVisitor visitor) {
    Set<String> all = new HashSet<>();
    channels.forEach(channel -> all.add(channel.topic()));
    read(all, visitor);
  }

  /**
   * Visits the messages of some topics in the order of log time.
   *
   * @throws RuntimeFault if a chunk is damaged or the file cannot be read
   */
  public void read(Set<String> topics, McapVisitor visitor) {
    PriorityQueue<Pending> pending =
        new PriorityQueue<>(
            Comparator.comparingLong(Pending::logNanos)
                .thenComparingInt(message -> message.channel().id())
                .thenComparingLong(Pending::sequence));
    RecordDecoder decoder =
        new RecordDecoder((channel, sequence, log, publish, payload) -> {
          if (topics.contains(channel.topic())) {
            pending.add(new Pending(channel, sequence, log, publish, payload));
          }
        });
    channels.forEach(channel -> decoder.channels().put(channel.id(), channel));
    try {
      for (ChunkPlace chunk : chunks) {
        visitBefore(chunk.startNanos(), pending, visitor);
        decoder.records(new RecordCursor(bytes(chunk.at(), chunk.length())));
      }
      visitBefore(Long.MAX_VALUE, pending, visitor);
    } catch (IOException | DamagedRecord e) {
      throw new RuntimeFault(
          "read %s: %s; fetch the file again, or recover what is left of it"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  /** Chunks come by start time, so no later chunk holds a message before {@code nanos}. */
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

  private void readSummary() throws IOException, DamagedRecord {
    byte[] magic = Opcode.magic();
    long size = file.size();
    long footerAt = size - magic.length - Opcode.FOOTER_BYTES;
    if (size < magic.length || !Arrays.equals(bytes(0, magic.length).array(), magic)) {
      throw new DamagedRecord("it does not start as MCAP version 0 does");
    }
    if (footerAt < magic.length
        || !Arrays.equals(bytes(size - magic.length, magic.length).array(), magic)) {
      throw new DamagedRecord("it ends at byte %s without a footer".formatted(size));
    }
    RecordCursor footer = new RecordCursor(bytes(footerAt, Opcode.FOOTER_BYTES));
    if (footer.u8() != Opcode.FOOTER || footer.u64() != Opcode.FOOTER_BYTES - Opcode.PREFIX_BYTES) {
      throw new DamagedRecord("no footer is where it should be");
    }
    long summaryAt = footer.u64();
    long offsetsAt = footer.u64();
    long wantedCrc = footer.u32();
    if (summaryAt <= 0 || summaryAt > footerAt || footerAt - summaryAt > MAX_SUMMARY_BYTES) {
      throw new DamagedRecord("its footer puts the summary at byte %s".formatted(summaryAt));
    }
    ByteBuffer summary = bytes(summaryAt, footerAt - summaryAt + Opcode.FOOTER_BYTES - 4);
    CRC32 crc = new CRC32();
    crc.update(summary.duplicate());
    if (wantedCrc != 0 && crc.getValue() != wantedCrc) {
      throw new DamagedRecord(
          String.format(
              Locale.ROOT, "its summary's CRC is %08x, not %08x", crc.getValue(), wantedCrc));
    }
    long end = offsetsAt == 0 ? footerAt : offsetsAt;
    summaryRecords(new RecordCursor(summary).part(end - summaryAt));
  }

  private void summaryRecords(RecordCursor summary) throws DamagedRecord, IOException {
    RecordDecoder decoder = new RecordDecoder((channel, sequence, log, publish, payload) -> {});
    while (summary.remaining() > 0) {
      byte opcode = summary.u8();
      RecordCursor content = summary.part(summary.u64());
      switch (opcode) {
        case Opcode.STATISTICS -> statistics(content);
        case Opcode.CHUNK_INDEX ->
            chunks.add(new ChunkPlace(content.u64(), content.u64(), content.u64(), content.u64()));
        case Opcode.METADATA_INDEX -> metadata(content.u64(), content.u64());
        default -> decoder.record(opcode, content);
      }
    }
    channels.addAll(decoder.channels().values());
    channels.sort(Comparator.comparingInt(McapChannel::id));
    chunks.sort(Comparator.comparingLong(ChunkPlace::startNanos));
  }

  private void statistics(RecordCursor content) throws DamagedRecord {
    content.slice(8 + 2 + 4 * 4);
    startNanos = content.u64();
    endNanos = content.u64();
    RecordCursor counts = content.part(content.u32());
    while (counts.remaining() > 0) {
      messageCounts.put(counts.u16(), counts.u64());
    }
  }

  private void metadata(long at, long length) throws DamagedRecord, IOException {
    RecordCursor record = new RecordCursor(bytes(at, length));
    record.slice(Opcode.PREFIX_BYTES);
    metadata.put(record.string(), record.map());
  }

  private ByteBuffer bytes(long at, long count) throws IOException, DamagedRecord {
    if (at < 0 || count < 0 || count > file.size() - at || count > Integer.MAX_VALUE) {
      throw new DamagedRecord(
          "%s bytes at %s lie outside of its %s bytes".formatted(count, at, file.size()));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) count);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new DamagedRecord("it shrank while it was read");
      }
    }
    return bytes.flip();
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
