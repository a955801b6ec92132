package dev.forearm.runtime.episode;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.mcap.McapReader;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that records commands at 500 Hz until it is killed, or so many messages as
 * fast as the ring takes them. Runs on the tests' class path.
 */
final class RecordingProcess {
  private static final EpisodeInfo INFO =
      new EpisodeInfo("lift", "lift", 7, "tabletop", "none", "", Map.of());

  private RecordingProcess() {}

  /** The command that starts it with {@code arguments}. */
  static List<String> command(String... arguments) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp"));
    command.add(absolute(classPath));
    command.add(RecordingProcess.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static String absolute(String classPath) {
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      entries.add(new File(entry).getAbsolutePath());
    }
    return String.join(File.pathSeparator, entries);
  }

  /**
   * {@code realtime FOLDER STAMPFILE}: stamps each message with the monotonic clock and leaves the
   * last stamp in a mapped file. {@code flood FOLDER MESSAGES}: prints the report. {@code episodes
   * FOLDER COUNT}: prints the name of each, of three messages. {@code one FOLDER COUNT}: the same
   * under one name, each deleted when it was recorded. {@code recover FILE STOPFILE}: recovers a
   * file over and over until there is a STOPFILE, prints what it takes.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "realtime" -> realTime(folder, Path.of(arguments[2]));
      case "flood" -> flood(folder, Integer.parseInt(arguments[2]));
      case "episodes" -> episodes(folder, Integer.parseInt(arguments[2]), false);
      case "one" -> episodes(folder, Integer.parseInt(arguments[2]), true);
      case "recover" -> recover(folder, Path.of(arguments[2]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void realTime(Path folder, Path stampFile) throws IOException {
    RecorderSettings wall = RecorderSettings.realTime(folder);
    RecorderSettings settings =
        new RecorderSettings(
            folder,
            false,
            wall.flushNanos(),
            wall.flushBytes(),
            wall.syncNanos(),
            wall.reserveBytes(),
            wall.zstdLevel());
    EpisodeRecorder recorder = new EpisodeRecorder(settings, new MonotonicClock());
    int commands = recorder.channel(TestChannels.COMMANDS);
    RecordRing ring = recorder.ring("control", 1 << 20);
    recorder.begin(INFO);
    MemorySegment cdr = TestChannels.array(1, 2, 3, 4, 5, 6, 7, 8);
    try (WakefulRunner _ =
            WakefulRunner.start(
                new RecorderAgent(recorder),
                RecorderAgent.rest(),
                (agent, failure) -> failure.printStackTrace());
        FileChannel file =
            FileChannel.open(
                stampFile,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      ByteBuffer stamp =
          file.map(FileChannel.MapMode.READ_WRITE, 0, 16).order(ByteOrder.nativeOrder());
      for (long count = 1; ; count++) {
        long now = System.nanoTime();
        ring.offer(commands, now, 0, cdr, 0, cdr.byteSize());
        stamp.putLong(0, now).putLong(8, count);
        LockSupport.parkNanos(2_000_000);
      }
    }
  }

  private static void episodes(Path folder, int count, boolean deleted) throws IOException {
    EpisodeRecorder recorder =
        new EpisodeRecorder(RecorderSettings.lockstep(folder), new MonotonicClock());
    int commands = recorder.channel(TestChannels.COMMANDS);
    RecordRing ring = recorder.ring("control", 1 << 16);
    MemorySegment cdr = TestChannels.array(1, 2);
    for (int episode = 0; episode < count; episode++) {
      recorder.begin(INFO);
      for (int i = 0; i < 3; i++) {
        ring.offer(commands, System.nanoTime(), 0, cdr, 0, cdr.byteSize());
      }
      EpisodeReport report = recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, ""));
      System.out.println(
          report.complete() ? report.file().getFileName().toString() : report.reason());
      if (deleted) {
        try (McapReader reader = McapReader.open(report.file())) {
          System.out.println(reader.messageCount() + " messages");
        }
        Files.delete(report.file());
      }
    }
  }

  private static void recover(Path file, Path stop) {
    System.out.println("ready");
    boolean last;
    do { // once more after the stop, for what its maker left to a recovery
      last = Files.exists(stop);
      try {
        if (Files.exists(file)
            && !(EpisodeRecovery.recover(file) instanceof EpisodeRecovery.Result.InUse)) {
          System.out.println("taken");
        }
      } catch (RuntimeFault _) {
        // finished and deleted meanwhile
      }
    } while (!last);
  }

  private static void flood(Path folder, int messages) {
    EpisodeRecorder recorder =
        new EpisodeRecorder(
            new RecorderSettings(
                folder, false, Long.MAX_VALUE, 1 << 18, Long.MAX_VALUE, 1 << 16, 1),
            new MonotonicClock());
    int commands = recorder.channel(TestChannels.COMMANDS);
    RecordRing ring = recorder.ring("control", 1 << 20);
    recorder.begin(INFO);
    Random random = new Random(7);
    int accepted = 0;
    for (int i = 0; i < messages; i++) {
      MemorySegment cdr =
          TestChannels.array(random.doubles(50).toArray()); // does not compress: fills the disk
      accepted += ring.offer(commands, i + 1L, 0, cdr, 0, cdr.byteSize()) ? 1 : 0;
      recorder.drain();
    }
    boolean stopped = recorder.state() instanceof RecorderState.Stopped;
    EpisodeReport report =
        recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "went on to its end"));
    System.out.printf(
        "accepted=%s stopped=%b complete=%b messages=%s exists=%b file=%s%nreason=%s%n",
        accepted,
        stopped,
        report.complete(),
        report.messages(),
        Files.exists(report.file()),
        report.file(),
        report.reason());
  }
}
