package dev.forearm.runtime.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Walks a file from its start, summary or not, and says how it ends. Everything up to the first
 * record that is cut off is visited; a chunk whose content is damaged is left out and counted.
 */
public final class McapScan {
  private static final int MAX_RECORD_BYTES = 1 << 30;

  private final FileChannel file;
  private final long size;
  private final RecordDecoder decoder;
  private ByteBuffer content = ByteBuffer.allocate(1 << 16);
  private int damagedChunks;
  private String damage = "";

  private McapScan(FileChannel file, McapVisitor visitor) throws IOException {
    this.file = file;
    this.size = file.size();
    this.decoder = new RecordDecoder(visitor);
  }

  /**
   * How a file ends.
   *
   * @param wholeBytes everything before this place was read
   * @param fileBytes the file's size
   * @param damagedChunks chunks that were left out
   * @param problem what was found instead of the next record, or in the first damaged chunk; empty
   *     if the file is complete
   */
  public record Ending(long wholeBytes, long fileBytes, int damagedChunks, String problem) {
    /** Whether the file is finished and undamaged. */
    public boolean complete() {
      return problem.isEmpty();
    }
  }

  /** Visits everything that can be read. */
  public static Ending scan(FileChannel file, McapVisitor visitor) throws IOException {
    return new McapScan(file, visitor).walk();
  }

  private Ending walk() throws IOException {
    byte[] magic = Opcode.magic();
    if (!Arrays.equals(read(0, (int) Math.min(size, magic.length)), magic)) {
      return brokenOff(0, "the file does not start as MCAP version 0 does");
    }
    long at = magic.length;
    while (true) {
      if (size == at) {
        return brokenOff(at, "the file ends without a summary");
      }
      if (size - at < Opcode.PREFIX_BYTES) {
        return brokenOff(at, "the file ends inside a record's prefix");
      }
      ByteBuffer prefix =
          ByteBuffer.wrap(read(at, Opcode.PREFIX_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      byte opcode = prefix.get();
      long length = prefix.getLong();
      long bodyAt = at + Opcode.PREFIX_BYTES;
      if (opcode == 0
          || length < 0
          || (RecordDecoder.decodes(opcode) && length > MAX_RECORD_BYTES)) {
        return brokenOff(at, "no record starts here: type %s, length %s".formatted(opcode, length));
      }
      if (length > size - bodyAt) {
        return brokenOff(
            at, "a record of %s bytes (type %s) has %s".formatted(length, opcode, size - bodyAt));
      }
      if (opcode == Opcode.DATA_END) {
        return ending(at, bodyAt + length);
      }
      if (!visit(opcode, bodyAt, (int) length)) {
        return brokenOff(at, damage);
      }
      at = bodyAt + length;
    }
  }

  /** Visits one record; false if it is damaged and what follows may depend on it. */
  private boolean visit(byte opcode, long at, int length) throws IOException {
    if (!RecordDecoder.decodes(opcode)) {
      return true;
    }
    if (content.capacity() < length) {
      content = ByteBuffer.allocate(Math.max(length, 2 * content.capacity()));
    }
    fill(content.clear().limit(length), at);
    try {
      decoder.record(opcode, new RecordCursor(content.flip().slice()));
      return true;
    } catch (DamagedRecord e) {
      if (damage.isEmpty()) {
        damage = e.getMessage();
      }
      damagedChunks += opcode == Opcode.CHUNK ? 1 : 0;
      return opcode == Opcode.CHUNK;
    }
  }

  /** Whether summary, footer and magic follow the end of the data. */
  private Ending ending(long dataEndAt, long summaryAt) throws IOException {
    byte[] magic = Opcode.magic();
    long footerAt = size - magic.length - Opcode.FOOTER_BYTES;
    if (footerAt < summaryAt
        || read(footerAt, 1)[0] != Opcode.FOOTER
        || !Arrays.equals(read(size - magic.length, magic.length), magic)) {
      return brokenOff(dataEndAt, "the file ends inside its summary");
    }
    return new Ending(size, size, damagedChunks, damage);
  }

  private Ending brokenOff(long at, String problem) {
    return new Ending(at, size, damagedChunks, problem);
  }

  private byte[] read(long at, int count) throws IOException {
    byte[] bytes = new byte[count];
    fill(ByteBuffer.wrap(bytes), at);
    return bytes;
  }

  private void fill(ByteBuffer target, long at) throws IOException {
    while (target.hasRemaining()) {
      int read = file.read(target, at);
      if (read < 0) {
        throw new IOException("the file shrank below %s bytes while it was read".formatted(size));
      }
      at += read;
    }
  }
}
