package dev.forearm.runtime.episode;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapScan;
import dev.forearm.runtime.mcap.McapVisitor;
import dev.forearm.runtime.mcap.McapWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finishes the files that a killed recorder left open: everything up to the last chunk that was
 * handed over whole goes into {@code NAME.recovered.mcap}, with a summary. A recorder runs it on
 * its folder when it starts; a file that is still being written is left alone.
 */
public final class EpisodeRecovery {
  /** Name of the metadata record that a recovered file carries. */
  public static final String RECORD = "forearm.recovery";

  private static final String RECOVERED = ".recovered";
  private static final int CHUNK_BYTES = 1 << 20;

  private EpisodeRecovery() {}

  /** What became of a file. */
  public sealed interface Result {
    /** The file as it was found. */
    Path found();

    /** One line for people. */
    default String message() {
      return switch (this) {
        case Whole(Path found, Path file) ->
            "recovered %s: it was complete, now called %s".formatted(found, file);
        case Recovered(Path found, Path file, long saved, long lost, int damaged, String why) ->
            "recovered %s: %s messages are in %s; %s (%s bytes at the end and %s damaged chunks lost)"
                .formatted(found, saved, file, why, lost, damaged);
        case Unreadable(Path found, Path kept, String why) ->
            "cannot recover %s: %s; kept as %s, delete it if it is not wanted"
                .formatted(found, why, kept);
        case InUse(Path found) -> "left %s alone: a recorder is writing it".formatted(found);
        case Failed(Path _, String why) -> why;
      };
    }

    /** It was whole: only its renaming was missing, and was done. */
    record Whole(Path found, Path file) implements Result {}

    /**
     * What could be read is in {@code file}.
     *
     * @param messages messages saved
     * @param lostBytes bytes at the end that belong to no whole record
     * @param damagedChunks chunks left out; the original is then kept under {@code .damaged}
     * @param problem where and how the original ends
     */
    record Recovered(
        Path found, Path file, long messages, long lostBytes, int damagedChunks, String problem)
        implements Result {}

    /** Nothing could be read; the file was kept as {@code kept}. */
    record Unreadable(Path found, Path kept, String problem) implements Result {}

    /** A recorder is writing it, or has just finished it. */
    record InUse(Path found) implements Result {}

    /** It cannot be read, or the recovered file not be written; it is still there. */
    record Failed(Path found, String problem) implements Result {}
  }

  /**
   * Recovers every {@code .mcap.open} in a folder, in the order of their names.
   *
   * @throws RuntimeFault if the folder cannot be read
   */
  public static List<Result> recoverFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> left;
    try (Stream<Path> all = Files.list(folder)) {
      left =
          all.filter(file -> file.getFileName().toString().endsWith(EpisodeFile.OPEN_ENDING))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new RuntimeFault(
          "recover episodes in %s: %s; check the folder's permissions"
              .formatted(folder, e.getMessage()),
          e);
    }
    List<Result> results = new ArrayList<>();
    for (Path file : left) {
      try {
        results.add(recover(file));
      } catch (RuntimeFault e) {
        if (Files.exists(file)) { // else its recorder has finished it
          results.add(new Result.Failed(file, String.valueOf(e.getMessage())));
        }
      }
    }
    return results;
  }

  /**
   * Recovers one file: a {@code .mcap.open}, or a {@code .mcap} that was cut off, for example by a
   * copy that did not end.
   *
   * @throws RuntimeFault if it cannot be read, or the recovered file not be written
   */
  public static Result recover(Path found) {
    if (!EpisodeFile.enter(found)) {
      return new Result.InUse(found);
    }
    try (FileChannel file = FileChannel.open(found, READ, WRITE)) {
      if (file.tryLock() == null || !Files.exists(found)) {
        return new Result.InUse(found);
      }
      // Whoever had the lock may have renamed the file, and another have taken its old name. Open
      // until the end: closing one channel of a file gives up the lock of the other.
      try (FileChannel named = FileChannel.open(found, READ, WRITE)) {
        return isLockedHere(named) ? recover(found, file) : new Result.InUse(found);
      }
    } catch (IOException e) {
      throw new RuntimeFault(
          "recover %s: %s; the file is kept, free the disk or check its permissions"
              .formatted(found, EpisodeFile.reason(e)),
          e);
    } finally {
      EpisodeFile.leave(found);
    }
  }

  /**
   * Whether another channel of this process holds the lock of this one's file. Asks what is open:
   * the numbers by which files are told apart on disk are used again.
   */
  static boolean isLockedHere(FileChannel file) throws IOException {
    try (FileLock _ = file.tryLock()) {
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private static Result recover(Path found, FileChannel file) throws IOException {
    String name = EpisodeFile.episodeName(found);
    Path target = EpisodeFile.freePath(found, name + RECOVERED);
    Path unfinished = target.resolveSibling(target.getFileName() + ".tmp");
    Copy copy = new Copy(FileChannel.open(unfinished, CREATE, TRUNCATE_EXISTING, WRITE));
    try (copy) {
      McapScan.Ending ending = McapScan.scan(file, copy);
      if (ending.complete()) {
        return new Result.Whole(found, takeFinalName(found, name));
      }
      if (copy.channels.isEmpty() && copy.records == 0) {
        return new Result.Unreadable(found, setAside(found, file), ending.problem());
      }
      copy.finish(found, ending);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      if (ending.damagedChunks() > 0) {
        setAside(found, file);
      } else if (isOpen(found)) {
        Files.delete(found);
      }
      EpisodeFile.syncFolder(target);
      return new Result.Recovered(
          found,
          target,
          copy.messages,
          ending.fileBytes() - ending.wholeBytes(),
          ending.damagedChunks(),
          ending.problem());
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static boolean isOpen(Path file) {
    return file.getFileName().toString().endsWith(EpisodeFile.OPEN_ENDING);
  }

  private static Path takeFinalName(Path found, String name) throws IOException {
    if (!isOpen(found)) {
      return found;
    }
    Path target = EpisodeFile.freePath(found, name);
    Files.move(found, target, StandardCopyOption.ATOMIC_MOVE);
    EpisodeFile.syncFolder(target);
    return target;
  }

  /** Keeps a file that is not read any more, out of the way of the next recovery. */
  private static Path setAside(Path found, FileChannel file) throws IOException {
    if (!isOpen(found)) {
      return found;
    }
    if (file.size() == 0) { // its maker may be about to lock it: tells it to take another
      file.write(ByteBuffer.allocate(1), 0);
    }
    String name = EpisodeFile.episodeName(found) + ".mcap.damaged";
    Path kept = found.resolveSibling(name);
    for (int n = 2; Files.exists(kept); n++) {
      kept = found.resolveSibling(name + "-" + n);
    }
    return Files.move(found, kept);
  }

  /** Writes what is visited into a new file. */
  private static final class Copy implements McapVisitor, AutoCloseable {
    private final McapWriter writer;
    private final Map<String, Integer> schemas = new HashMap<>();
    private final Map<McapChannel, Integer> channels = new HashMap<>();
    private long messages;
    private int records;
    private boolean hasOutcome;

    Copy(FileChannel target) throws IOException {
      writer = new McapWriter(target, "ros2", EpisodeInfo.software(), 1);
    }

    @Override
    public void channel(McapChannel channel) throws IOException {
      String schemaName = channel.schema().name();
      Integer schema = schemas.get(schemaName);
      if (schema == null) {
        schema = writer.addSchema(schemaName, channel.schema().encoding(), channel.schema().text());
        schemas.put(schemaName, schema);
      }
      int id =
          writer.addChannel(schema, channel.topic(), channel.messageEncoding(), channel.metadata());
      channels.put(channel, id);
    }

    @Override
    public void message(
        McapChannel channel, long sequence, long logNanos, long publishNanos, ByteBuffer payload)
        throws IOException {
      Integer id = channels.get(channel);
      if (id == null) {
        throw new IllegalStateException("channel " + channel.topic() + " was not visited");
      }
      writer.message(id, logNanos, publishNanos, payload, payload.position(), payload.remaining());
      messages++;
      if (writer.chunkBytes() >= CHUNK_BYTES) {
        writer.closeChunk();
      }
    }

    @Override
    public void metadata(String name, Map<String, String> values) throws IOException {
      hasOutcome |= name.equals(EpisodeOutcome.RECORD);
      records++;
      writer.metadata(name, values);
    }

    void finish(Path found, McapScan.Ending ending) throws IOException {
      if (!hasOutcome) {
        writer.metadata(
            EpisodeOutcome.RECORD,
            EpisodeOutcome.of(
                    EpisodeOutcome.Result.UNKNOWN, "the recorder ended before the episode did")
                .toMetadata());
      }
      Map<String, String> values = new LinkedHashMap<>();
      values.put("from", found.getFileName().toString());
      values.put("problem", ending.problem());
      values.put("whole_bytes", Long.toString(ending.wholeBytes()));
      values.put("file_bytes", Long.toString(ending.fileBytes()));
      values.put("damaged_chunks", Integer.toString(ending.damagedChunks()));
      writer.metadata(RECORD, values);
      writer.finish();
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
