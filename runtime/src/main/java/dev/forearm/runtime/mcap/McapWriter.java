package dev.forearm.runtime.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes one MCAP file. Messages gather in a chunk in memory; {@link #closeChunk} compresses it and
 * hands it with its index to the operating system in one write, from where it survives the death of
 * this process. {@link #finish} adds the summary that makes the file seekable. Owned by one thread;
 * allocates only when its buffers grow.
 *
 * <p>After an {@link IOException} call {@link #dropPartialWrite}: the file then ends with the last
 * chunk that was written whole.
 */
public final class McapWriter implements AutoCloseable {
  static final byte[] ZSTD = "zstd".getBytes(UTF_8);
  private static final int MESSAGE_HEADER_BYTES = 22;

  private final FileChannel file;
  private final ZstdCompressCtx compressor;
  private final CRC32 sectionCrc = new CRC32();
  private final CRC32 chunkCrc = new CRC32();
  private final Arena arena = Arena.ofShared(); // made and used on different threads
  private final RecordBuffer out = new RecordBuffer(arena, 1 << 16);
  private final RecordBuffer chunk = new RecordBuffer(arena, 1 << 16);
  private final List<ChannelIndex> channels = new ArrayList<>();
  private final Summary summary = new Summary(arena);
  private long written;
  private int chunkMessages;
  private long chunkStartNanos;
  private long chunkEndNanos;

  /**
   * Starts a file.
   *
   * @param file empty, open for writing; closed by {@link #close}
   * @param profile {@code ros2} for ROS 2 topics
   * @param library what wrote the file
   * @param zstdLevel compression level, negative is faster and larger
   */
  public McapWriter(FileChannel file, String profile, String library, int zstdLevel)
      throws IOException {
    this.file = file;
    this.compressor = new ZstdCompressCtx().setLevel(zstdLevel).setContentSize(true);
    out.raw(Opcode.magic()).begin(Opcode.HEADER).string(profile).string(library).end();
    try {
      flush();
    } catch (IOException e) {
      free();
      throw e;
    }
  }

  /** Adds a schema and returns its id. */
  public int addSchema(String name, String encoding, String text) throws IOException {
    int id = ++summary.schemaCount;
    if (id > 0xFFFF) {
      throw new IllegalStateException("an MCAP file holds at most 65535 schemas");
    }
    for (RecordBuffer target : List.of(out, summary.schemas)) {
      target.begin(Opcode.SCHEMA).u16(id).string(name).string(encoding).string(text).end();
    }
    flush();
    return id;
  }

  /** Adds a channel for a schema added before and returns its id. */
  public int addChannel(
      int schema, String topic, String messageEncoding, Map<String, String> metadata)
      throws IOException {
    if (schema < 1 || schema > summary.schemaCount) {
      throw new IllegalArgumentException("channel '" + topic + "': no schema has id " + schema);
    }
    int id = channels.size();
    if (id > 0xFFFF) {
      throw new IllegalStateException("an MCAP file holds at most 65536 channels");
    }
    channels.add(new ChannelIndex());
    for (RecordBuffer target : List.of(out, summary.channels)) {
      target.begin(Opcode.CHANNEL).u16(id).u16(schema);
      target.string(topic).string(messageEncoding).map(metadata).end();
    }
    flush();
    return id;
  }

  /**
   * Adds one message to the open chunk. Its sequence number counts the channel's messages from 1.
   *
   * @param logNanos when it was received or made
   * @param publishNanos when its publisher sent it
   * @param source holds the payload from absolute {@code offset} on; its position is not touched
   */
  public void message(
      int channel, long logNanos, long publishNanos, ByteBuffer source, int offset, int length) {
    ChannelIndex index = channels.get(channel);
    index.add(logNanos, chunk.size());
    chunk.ensure(Opcode.PREFIX_BYTES + MESSAGE_HEADER_BYTES + length).begin(Opcode.MESSAGE);
    chunk.u16(channel).u32(index.written() + index.pending()).u64(logNanos).u64(publishNanos);
    chunk.copy(source, offset, length).end();
    chunkStartNanos = chunkMessages == 0 ? logNanos : Math.min(chunkStartNanos, logNanos);
    chunkEndNanos = chunkMessages == 0 ? logNanos : Math.max(chunkEndNanos, logNanos);
    chunkMessages++;
  }

  /** Uncompressed bytes in the open chunk; 0 when there is nothing to close. */
  public int chunkBytes() {
    return chunk.size();
  }

  /** Bytes handed to the operating system. */
  public long writtenBytes() {
    return written;
  }

  /** Messages in closed chunks. */
  public long writtenMessages() {
    return summary.messages;
  }

  /** Writes the open chunk, compressed, and its index. Does nothing if no message came. */
  public void closeChunk() throws IOException {
    if (chunkMessages == 0) {
      return;
    }
    long start = written;
    ByteBuffer plain = chunk.bytes().flip();
    int plainBytes = plain.limit();
    chunkCrc.reset();
    chunkCrc.update(plain);
    plain.rewind();
    out.begin(Opcode.CHUNK).u64(chunkStartNanos).u64(chunkEndNanos).u64(plainBytes);
    out.u32(chunkCrc.getValue()).bytes(ZSTD).u64(0);
    int bodyAt = out.size();
    out.ensure(Math.toIntExact(Zstd.compressBound(plainBytes)));
    int bodyBytes = compressor.compress(out.bytes(), plain);
    out.bytes().putLong(bodyAt - 8, bodyBytes);
    out.end();
    int indexAt = out.size();
    writeMessageIndexes(start);
    int indexEnd = out.size();
    flush();
    summary.chunk(
        chunkStartNanos, chunkEndNanos, start, indexAt, channels, indexEnd, bodyBytes, plainBytes);
    summary.messages += chunkMessages;
    for (int id = 0; id < channels.size(); id++) {
      channels.get(id).commit();
    }
    startChunk();
  }

  private void writeMessageIndexes(long start) {
    for (int id = 0; id < channels.size(); id++) {
      ChannelIndex index = channels.get(id);
      if (index.pending() > 0) {
        index.recordAt = start + out.size();
        index.write(id, out);
      }
    }
  }

  private void startChunk() {
    chunk.clear();
    chunkMessages = 0;
    for (int id = 0; id < channels.size(); id++) {
      channels.get(id).restart();
    }
  }

  /** Writes a named map of text behind the open chunk. */
  public void metadata(String name, Map<String, String> values) throws IOException {
    closeChunk();
    long at = written;
    out.begin(Opcode.METADATA).string(name).map(values).end();
    summary.metadata(at, out.size(), name);
    flush();
  }

  /**
   * Waits until everything written is on the disk itself. The one method that another thread may
   * call, while the owner goes on writing.
   */
  public void sync() throws IOException {
    file.force(false);
  }

  /** Writes the summary and waits for the disk. The file stays open, and locked if it was. */
  public void finish() throws IOException {
    closeChunk();
    out.begin(Opcode.DATA_END).u32(sectionCrc.getValue()).end();
    flush();
    summary.write(out, written, channels);
    int crcAt = out.size() - 4;
    sectionCrc.reset();
    sectionCrc.update(out.bytes().duplicate().flip().limit(crcAt));
    out.bytes().putInt(crcAt, (int) sectionCrc.getValue());
    out.raw(Opcode.magic());
    flush();
    file.force(true);
  }

  /** Hands what was built to the operating system; on failure the file keeps its old end. */
  private void flush() throws IOException {
    ByteBuffer bytes = out.bytes().flip();
    try {
      long at = written;
      while (bytes.hasRemaining()) {
        at += file.write(bytes, at);
      }
      sectionCrc.update(bytes.rewind());
      written = at;
    } finally {
      out.clear();
    }
  }

  /**
   * After a failed write: cuts the file behind the last record written whole, and forgets the open
   * chunk.
   */
  public void dropPartialWrite() throws IOException {
    startChunk();
    file.truncate(written);
  }

  /** Closes the file as it is. Without {@link #finish} it lacks its summary. */
  @Override
  public void close() throws IOException {
    free();
    file.close();
  }

  /** Gives memory back at once: waiting for the garbage collector, a day's episodes add up. */
  private void free() {
    compressor.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** Where one channel's messages lie in the open chunk, and how many were written before it. */
  static final class ChannelIndex {
    private long[] entries = new long[64];
    private int size;
    private long written;

    /** Where the last message index record of this channel starts in the file. */
    long recordAt;

    void add(long logNanos, long offset) {
      if (size == entries.length) {
        entries = Arrays.copyOf(entries, 2 * size);
      }
      entries[size++] = logNanos;
      entries[size++] = offset;
    }

    /** Messages in the open chunk. */
    int pending() {
      return size / 2;
    }

    /** Messages in closed chunks. */
    long written() {
      return written;
    }

    void commit() {
      written += pending();
    }

    void restart() {
      size = 0;
    }

    void write(int id, RecordBuffer out) {
      out.begin(Opcode.MESSAGE_INDEX).u16(id).u32(size * 8L);
      for (int i = 0; i < size; i++) {
        out.u64(entries[i]);
      }
      out.end();
    }
  }
}
