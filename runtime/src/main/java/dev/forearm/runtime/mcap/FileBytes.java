package dev.forearm.runtime.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file's bytes by place; every read is checked against the size that the file was opened with.
 */
final class FileBytes implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 16;

  private final FileChannel file;
  private final long size;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowAt;

  FileBytes(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  long size() {
    return size;
  }

  /** A copy of {@code count} bytes. */
  ByteBuffer read(long at, long count) throws IOException, DamagedRecord {
    if (at < 0 || count < 0 || count > size - at || count > Integer.MAX_VALUE - 8) {
      throw new DamagedRecord("%s bytes at %s lie outside of its %s".formatted(count, at, size));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) count);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new DamagedRecord("it shrank while it was read");
      }
    }
    return bytes.flip();
  }

  /** A few bytes of a walk from start to end, of which many are read at once. */
  ByteBuffer peek(long at, int count) throws IOException, DamagedRecord {
    if (at < windowAt || at + count > windowAt + window.capacity()) {
      window = read(at, Math.clamp(size - at, count, WINDOW_BYTES));
      windowAt = at;
    }
    return window.slice((int) (at - windowAt), count);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
