package dev.forearm.runtime.episode;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that share a folder. */
class EpisodeFileTest {
  private static final int EPISODES = 200;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNobodyBehind() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aRecoveryElsewhereNeverTakesAFileBeforeItHasItsFinalName() throws Exception {
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    Path stop = folder.resolve("stop");
    Path open = recordings.resolve("lift.mcap.open");
    Process recovery = start("recovery", "recover", open.toString(), stop.toString());
    while (lines("recovery").isEmpty()) {
      assertTrue(recovery.isAlive());
      Thread.onSpinWait();
    }
    Process recorder = start("recorder", "one", recordings.toString(), "" + 2 * EPISODES);
    assertEquals(0, recorder.waitFor(), () -> lines("recorder").toString());
    Files.createFile(stop);
    assertEquals(0, recovery.waitFor());

    List<String> recorded = lines("recorder");
    assertEquals(
        2 * EPISODES,
        recorded.stream().filter(line -> line.equals("3 messages")).count(),
        recorded::toString);
    // A recovery may lock a file before its maker does: that holds a mark only, and its maker takes
    // another.
    List<String> left = names(recordings);
    assertEquals(left.size(), lines("recovery").size() - 1);
    for (String name : left) {
      assertTrue(name.contains(".damaged"), name);
      assertEquals(1, Files.size(recordings.resolve(name)));
    }
  }

  @Test
  void aFileThatARecoveryTookBeforeItsMakerLockedItIsNotItsMakersAnyMore() throws IOException {
    Path open = folder.resolve("lift.mcap.open");
    try (FileChannel made = FileChannel.open(open, CREATE_NEW, READ, WRITE)) {
      assertInstanceOf(EpisodeRecovery.Result.Unreadable.class, EpisodeRecovery.recover(open));
      assertFalse(EpisodeFile.lockNew(made));
    }
    try (FileChannel made = FileChannel.open(open, CREATE_NEW, READ, WRITE)) {
      assertTrue(EpisodeFile.lockNew(made));
    }
  }

  @Test
  void aFileIsTheLockedOneByWhatIsOpenAndNotByItsName() throws IOException {
    Path open = folder.resolve("lift.mcap.open");
    try (FileChannel first = FileChannel.open(open, CREATE_NEW, READ, WRITE)) {
      assertNotNull(first.tryLock());
      try (FileChannel same = FileChannel.open(open, READ, WRITE)) {
        assertTrue(EpisodeRecovery.isLockedHere(same));
        Files.move(open, folder.resolve("lift.mcap"));
        try (FileChannel another = FileChannel.open(open, CREATE_NEW, READ, WRITE)) {
          assertFalse(EpisodeRecovery.isLockedHere(another));
        }
      }
    }
  }

  @Test
  void recordersThatStartTogetherTakeNamesOfTheirOwn() throws Exception {
    Path recordings = folder.resolve("recordings");
    List<Process> recorders =
        List.of(
            start("one", "episodes", recordings.toString(), "" + EPISODES),
            start("two", "episodes", recordings.toString(), "" + EPISODES));
    for (Process recorder : recorders) {
      assertEquals(0, recorder.waitFor());
    }
    List<String> recorded =
        Stream.concat(lines("one").stream(), lines("two").stream())
            .filter(line -> line.endsWith(".mcap"))
            .sorted()
            .toList();
    assertEquals(2 * EPISODES, recorded.size(), () -> lines("one") + "\n" + lines("two"));
    assertEquals(
        recorded, names(recordings).stream().filter(name -> !name.contains(".damaged")).toList());
  }

  private Process start(String output, String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(RecordingProcess.command(arguments))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(output).toFile())
            .start();
    started.add(process);
    return process;
  }

  private List<String> lines(String output) {
    try {
      return Files.readAllLines(folder.resolve(output)).stream()
          .filter(line -> !line.contains(" INFO ") && !line.contains(" WARN "))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
