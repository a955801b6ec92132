package dev.forearm.runtime.episode;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.runtime.mcap.McapWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One episode's file while it is open: when chunks close, when the disk is waited for, how much
 * room it must leave, and its names. Locked for as long as it is open, so that a recovery elsewhere
 * leaves it alone. Owned by whoever holds the recorder's lock.
 */
final class EpisodeFile {
  static final String ENDING = ".mcap";
  static final String OPEN_ENDING = ".mcap.open";
  private static final long ROOM_CHECK_NANOS = 1_000_000_000;

  /** Files open in this process: closing a second channel to one would give up its lock. */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final RecorderSettings settings;
  private final Path open;
  private final Path complete;
  private final McapWriter writer;
  private final Map<String, Integer> schemas = new HashMap<>();
  private long chunkOpenedNanos;
  private long syncedNanos;
  private long roomCheckedNanos;

  private EpisodeFile(
      RecorderSettings settings, Path open, Path complete, McapWriter writer, long nowNanos) {
    this.settings = settings;
    this.open = open;
    this.complete = complete;
    this.writer = writer;
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

  /** Starts a file at {@code complete}'s open path with its episode record on the way to disk. */
  static EpisodeFile start(
      RecorderSettings settings, Path complete, EpisodeInfo info, long nowNanos)
      throws IOException {
    Path open = openPath(complete);
    FileChannel channel = FileChannel.open(open, CREATE_NEW, READ, WRITE);
    try {
      OPEN_HERE.add(open.toAbsolutePath().normalize());
      channel.tryLock();
      McapWriter writer =
          new McapWriter(channel, "ros2", EpisodeInfo.software(), settings.zstdLevel());
      EpisodeFile file = new EpisodeFile(settings, open, complete, writer, nowNanos);
      file.checkRoom();
      writer.metadata(EpisodeInfo.RECORD, info.toMetadata());
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      forget(open);
      Files.deleteIfExists(open);
      throw e;
    }
  }

  Path openPath() {
    return open;
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

  /** Closes the chunk, waits for the disk and checks its room, each when it is due. */
  void keepUp(long nowNanos) throws IOException {
    if (writer.chunkBytes() > 0 && nowNanos - chunkOpenedNanos >= settings.flushNanos()) {
      writer.closeChunk();
    }
    if (nowNanos - syncedNanos >= settings.syncNanos()) {
      writer.sync();
      syncedNanos = nowNanos;
    }
    if (nowNanos - roomCheckedNanos >= ROOM_CHECK_NANOS) {
      roomCheckedNanos = nowNanos;
      checkRoom();
    }
  }

  private void checkRoom() throws IOException {
    // Asks the file system itself: a FileStore wants a mount table, which a chroot need not have.
    long free = open.toFile().getUsableSpace();
    if (free < settings.reserveBytes()) {
      throw new IOException(
          "%s MB are free on the disk, %s MB are kept in reserve"
              .formatted(free >> 20, settings.reserveBytes() >> 20));
    }
  }

  /** Ends the file with its outcome and summary, on the disk, under its final name. */
  Path finish(Map<String, String> outcome) throws IOException {
    writer.metadata(EpisodeOutcome.RECORD, outcome);
    writer.finish();
    forget(open);
    Files.move(open, complete, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(complete);
    return complete;
  }

  /**
   * After a failed write: cuts the file to what was written whole and, if there is room for a
   * summary, finishes it.
   *
   * @return the file that holds what was recorded, under its final or its open name
   */
  Path giveUp(Map<String, String> outcome) {
    try (McapWriter ending = writer) {
      ending.dropPartialWrite();
      try {
        return finish(outcome);
      } catch (IOException noRoomForSummary) {
        ending.dropPartialWrite();
        return open;
      }
    } catch (IOException e) {
      return open;
    } finally {
      forget(open);
    }
  }

  /** Whether a recorder of this process is writing {@code file}. */
  static boolean isOpenHere(Path file) {
    return OPEN_HERE.contains(file.toAbsolutePath().normalize());
  }

  private static void forget(Path file) {
    OPEN_HERE.remove(file.toAbsolutePath().normalize());
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
