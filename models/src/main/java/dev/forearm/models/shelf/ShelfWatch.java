package dev.forearm.models.shelf;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One robot drives from a shelf: a lock on its file {@code driven}, which the system takes back
 * however the process ends. Any thread.
 */
public final class ShelfWatch implements AutoCloseable {
  private static final String FILE = "driven";
  private static final int ATTEMPTS = 10;
  private static final long PAUSE_NANOS = 20_000_000;

  /** Of this process; a lock is the process's, and lost when any channel to its file is closed. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel file;

  private ShelfWatch(Path folder, FileChannel file) {
    this.folder = folder;
    this.file = file;
  }

  static ShelfWatch take(Path folder) {
    Path real = real(folder);
    if (!OWN.add(real)) {
      throw taken(folder);
    }
    try {
      FileChannel file =
          FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      for (int attempt = 0; file.tryLock() == null; attempt++) { // isTaken holds it for a moment
        if (attempt == ATTEMPTS) {
          file.close();
          throw taken(folder);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return new ShelfWatch(real, file);
    } catch (IOException | RuntimeException e) {
      OWN.remove(real);
      throw e instanceof ModelsFault fault ? fault : fault(folder, e);
    }
  }

  static boolean isTaken(Path folder) {
    Path real = real(folder);
    if (OWN.contains(real)) {
      return true;
    }
    try (FileChannel file =
            FileChannel.open(
                real.resolve(FILE),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        @Nullable FileLock lock = file.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (IOException e) {
      throw fault(folder, e);
    }
  }

  /** Another may drive from the shelf. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw fault(folder, e);
    } finally {
      OWN.remove(folder);
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw fault(folder, e);
    }
  }

  private static ModelsFault taken(Path folder) {
    return new ModelsFault(
        "drive from shelf %s: another runtime does; stop it, or give each robot a shelf of its own"
            .formatted(folder));
  }

  private static ModelsFault fault(Path folder, Exception e) {
    return new ModelsFault(
        "drive from shelf %s: %s; name a folder you may write to".formatted(folder, e), e);
  }
}
