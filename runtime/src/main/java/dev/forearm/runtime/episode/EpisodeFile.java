package dev.forearm.runtime.episode;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.runtime.mcap.McapWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One episode's file while it is open: when chunks close, when the disk is waited for, how much
 * room it must leave, and its names. Locked from its making until it has its final name, so that a
 * recovery elsewhere leaves it alone. Owned by whoever holds the recorder's lock.
 */
final class EpisodeFile {
  static final String ENDING = ".mcap";
  static final String OPEN_ENDING = ".mcap.open";
  private static final Logger LOG = LoggerFactory.getLogger(EpisodeFile.class);
  private static final long ROOM_CHECK_NANOS = 1_000_000_000;

  /** Files open in this process: closing a second channel to one would give up its lock. */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final RecorderSettings settings;
  private final Path open;
  private final McapWriter writer;
  private final DiskSync sync;
  private final Map<String, Integer> schemas = new HashMap<>();

  /** What it is called now: {@link #open} until it is finished. */
  private Path name;

  private boolean finished;
  private long chunkOpenedNanos;
  private long syncedNanos;
  private long roomCheckedNanos;

  private EpisodeFile(RecorderSettings settings, Path open, McapWriter writer, long nowNanos) {
    this.settings = settings;
    this.open = open;
    this.name = open;
    this.writer = writer;
    this.sync = new DiskSync(writer::sync);
    this.syncedNanos = nowNanos;
    this.roomCheckedNanos = nowNanos;
  }

  /**
   * The finished file's path for an episode name: the first of NAME, NAME-2, NAME-3 beside {@code
   * sibling} that is not taken by another episode, finished or open.
   */
  static Path freePath(Path sibling, String name) {
    Path path = sibling.resolveSibling(name + ENDING);
    for (int n = 2; taken(path, sibling); n++) {
      path = sibling.resolveSibling(name + "-" + n + ENDING);
    }
    return path;
  }

  private static boolean taken(Path path, Path sibling) {
    Path open = openPath(path);
    return Files.exists(path) || (Files.exists(open) && !open.equals(sibling));
  }

  /** What a file is called while it is written. */
  static Path openPath(Path complete) {
    return complete.resolveSibling(complete.getFileName() + ".open");
  }

  /**
   * Starts a file with its episode record on the way to disk, in a folder that is made if it is
   * missing, under the first of NAME, NAME-2, NAME-3 that no other recorder has.
   */
  static EpisodeFile start(RecorderSettings settings, EpisodeInfo info, long nowNanos)
      throws IOException {
    Files.createDirectories(settings.folder());
    Path sibling = settings.folder().resolve(info.name());
    FileChannel channel = null;
    Path open = sibling;
    while (channel == null) {
      open = openPath(freePath(sibling, info.name()));
      channel = claim(open);
    }
    boolean started = false;
    McapWriter writer = null;
    try {
      writer = new McapWriter(channel, "ros2", EpisodeInfo.software(), settings.zstdLevel());
      EpisodeFile file = new EpisodeFile(settings, open, writer, nowNanos);
      file.checkRoom();
      writer.metadata(EpisodeInfo.RECORD, info.toMetadata());
      started = true;
      return file;
    } finally {
      if (!started) {
        try {
          Files.deleteIfExists(open); // while it is locked: after that the name may be another's
        } finally {
          if (writer == null) {
            channel.close();
          } else {
            writer.close();
          }
          leave(open);
        }
      }
    }
  }

  /** Makes and locks a file; null if another recorder or a recovery was faster. */
  private static @Nullable FileChannel claim(Path open) throws IOException {
    if (!enter(open)) {
      return null;
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(open, CREATE_NEW, READ, WRITE);
      locked = lockNew(channel);
      return locked ? channel : null;
    } catch (FileAlreadyExistsException e) {
      return null;
    } finally {
      if (!locked) {
        if (channel != null) {
          channel.close();
        }
        leave(open);
      }
    }
  }

  /**
   * Locks a file that was just made; false if a recovery has it, or was faster and took its name: a
   * file that was taken is not empty.
   */
  static boolean lockNew(FileChannel made) throws IOException {
    return made.tryLock() != null && made.size() == 0;
  }

  /** What the file is called now. */
  Path name() {
    return name;
  }

  /** What the file is to be called when it is finished. */
  Path finishedName() {
    return open.resolveSibling(episodeName(open) + ENDING);
  }

  long messages() {
    return writer.writtenMessages();
  }

  long bytes() {
    return writer.writtenBytes();
  }

  int addChannel(Channel channel) throws IOException {
    Integer schema = schemas.get(channel.type());
    if (schema == null) {
      schema = writer.addSchema(channel.type(), "ros2msg", channel.definition());
      schemas.put(channel.type(), schema);
    }
    return writer.addChannel(schema, channel.topic(), "cdr", channel.metadata());
  }

  void message(
      int channel,
      long logNanos,
      long publishNanos,
      ByteBuffer source,
      int offset,
      int length,
      long nowNanos)
      throws IOException {
    if (writer.chunkBytes() == 0) {
      chunkOpenedNanos = nowNanos;
    }
    writer.message(channel, logNanos, publishNanos, source, offset, length);
    if (writer.chunkBytes() >= settings.flushBytes()) {
      writer.closeChunk();
    }
  }

  /** Closes the chunk, has the disk waited for and checks its room, each when it is due. */
  void keepUp(long nowNanos) throws IOException {
    if (writer.chunkBytes() > 0 && nowNanos - chunkOpenedNanos >= settings.flushNanos()) {
      writer.closeChunk();
    }
    if (nowNanos - syncedNanos >= settings.syncNanos() && sync.begin()) {
      syncedNanos = nowNanos;
    }
    if (nowNanos - roomCheckedNanos >= ROOM_CHECK_NANOS) {
      roomCheckedNanos = nowNanos;
      checkRoom();
    }
  }

  private void checkRoom() throws IOException {
    if (!Files.exists(open)) {
      throw new NoSuchFileException(open.toString());
    }
    // Asks the file system itself: a FileStore wants a mount table, which a chroot need not have.
    long free = open.toFile().getUsableSpace();
    if (free < settings.reserveBytes()) {
      throw new IOException(
          "%s MB are free on the disk, %s MB are kept in reserve"
              .formatted(free >> 20, settings.reserveBytes() >> 20));
    }
  }

  /**
   * Ends the file with its outcome and summary, on the disk, under its final name. The lock is held
   * until it has that name.
   */
  Path finish(Map<String, String> outcome) throws IOException {
    writer.metadata(EpisodeOutcome.RECORD, outcome);
    writer.finish();
    finished = true;
    name = Files.move(open, freePath(open, episodeName(open)), StandardCopyOption.ATOMIC_MOVE);
    syncFolder(name);
    close();
    return name;
  }

  /** After a failure that leaves nothing worth keeping: there was no such file. */
  void discard() {
    try {
      Files.deleteIfExists(name); // while it is locked
      close();
    } catch (IOException e) {
      LOG.warn("delete {}: {}", name, reason(e));
    }
  }

  /**
   * After a failure: cuts the file to what was written whole and, if there is room for a summary,
   * finishes it.
   *
   * @return the file that holds what was recorded, under its final or its open name
   */
  Path giveUp(Map<String, String> outcome) {
    try {
      if (!finished) {
        writer.dropPartialWrite();
        finish(outcome);
      }
    } catch (IOException noRoomForSummary) {
      dropSummary();
    } finally {
      try {
        close();
      } catch (IOException e) {
        LOG.warn("close {}: {}", name, reason(e));
      }
    }
    return name;
  }

  private void dropSummary() {
    try {
      if (!finished) {
        writer.dropPartialWrite();
      }
    } catch (IOException e) {
      LOG.warn("cut {}: {}; recovery will", name, reason(e));
    }
  }

  private void close() throws IOException {
    sync.await();
    try {
      writer.close();
    } finally {
      leave(open);
    }
  }

  /**
   * Takes a name for a recorder or a recovery of this process; false if another has it. To be given
   * back by {@link #leave}.
   */
  static boolean enter(Path file) {
    return OPEN_HERE.add(key(file));
  }

  static void leave(Path file) {
    OPEN_HERE.remove(key(file));
  }

  private static Path key(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /** A file's name without the ending that it has while it is written or when it is finished. */
  static String episodeName(Path file) {
    return file.getFileName().toString().replaceFirst("\\.mcap(\\.open)?$", "");
  }

  /** What went wrong, in words: the exceptions of some causes name the file only. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> "there is no %s".formatted(gone.getFile());
      case AccessDeniedException denied -> "no permission for %s".formatted(denied.getFile());
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Makes a rename in the folder of {@code file} survive a power cut. */
  static void syncFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, READ)) {
        channel.force(true);
      }
    }
  }
}
