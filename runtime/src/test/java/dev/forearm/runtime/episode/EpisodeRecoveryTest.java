package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeRecoveryTest {
  private static final EpisodeInfo LIFT =
      new EpisodeInfo("lift", "lift", 7, "tabletop", "lift-sft", "", Map.of());
  private static final EpisodeOutcome SUCCESS =
      EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "");

  @TempDir Path folder;

  /** Records 200 messages in 10 chunks. */
  private Path recorded() {
    SimulatedClock clock = new SimulatedClock();
    RecorderSettings settings =
        new RecorderSettings(folder, false, 20_000_000, 1 << 20, Long.MAX_VALUE, 0, 1);
    try (EpisodeRecorder recorder = new EpisodeRecorder(settings, clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1 << 16);
      recorder.begin(LIFT);
      for (int i = 0; i < 200; i++) {
        clock.advance(1_000_000);
        MemorySegment cdr = TestChannels.array(i);
        ring.offer(commands, clock.nanos(), 0, cdr, 0, cdr.byteSize());
        recorder.drain();
      }
      return recorder.end(SUCCESS).file();
    }
  }

  private Path open(byte[] content) throws IOException {
    return Files.write(folder.resolve("lift.mcap.open"), content);
  }

  @Test
  void aFolderWithoutOpenFilesIsLeftAsItIs() {
    Path file = recorded();
    assertEquals(List.of(), EpisodeRecovery.recoverFolder(folder));
    assertTrue(Files.exists(file));
    assertEquals(List.of(), EpisodeRecovery.recoverFolder(folder.resolve("none")));
  }

  @Test
  void aBrokenOffFileIsRecoveredWithASummaryItsInfoAndAnUnknownOutcome() throws IOException {
    Path file = recorded();
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Path found = open(Arrays.copyOf(bytes, bytes.length / 2));

    List<EpisodeRecovery.Result> results = EpisodeRecovery.recoverFolder(folder);
    EpisodeRecovery.Result.Recovered recovered =
        assertInstanceOf(EpisodeRecovery.Result.Recovered.class, results.getFirst());
    assertEquals(folder.resolve("lift.recovered.mcap"), recovered.file());
    assertFalse(Files.exists(found));
    assertTrue(recovered.messages() >= 40, recovered.toString());
    try (McapReader reader = McapReader.open(recovered.file())) {
      assertEquals(recovered.messages(), reader.messageCount("/arm_controller/commands"));
      assertEquals("7", reader.metadata(EpisodeInfo.RECORD).get("seed"));
      assertEquals("unknown", reader.metadata(EpisodeOutcome.RECORD).get("result"));
      assertEquals("lift.mcap.open", reader.metadata(EpisodeRecovery.RECORD).get("from"));
      assertEquals(
          TestChannels.COMMANDS.metadata(), reader.channels().getFirst().metadata(), "QoS is kept");
    }
  }

  @Test
  void aFileThatOnlyLacksItsRenamingIsRenamed() throws IOException {
    Path file = recorded();
    Path found = folder.resolve("lift.mcap.open");
    Files.move(file, found);
    assertEquals(new EpisodeRecovery.Result.Whole(found, file), EpisodeRecovery.recover(found));
    try (McapReader reader = McapReader.open(file)) {
      assertEquals("success", reader.metadata(EpisodeOutcome.RECORD).get("result"));
    }
  }

  @Test
  void aTruncatedCopyIsRecoveredBesideTheOriginal() throws IOException {
    Path file = recorded();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));
    EpisodeRecovery.Result.Recovered recovered =
        assertInstanceOf(EpisodeRecovery.Result.Recovered.class, EpisodeRecovery.recover(file));
    assertEquals(200, recovered.messages());
    assertTrue(Files.exists(file));
    try (McapReader reader = McapReader.open(recovered.file())) {
      assertEquals("success", reader.metadata(EpisodeOutcome.RECORD).get("result"));
    }
  }

  @Test
  void aFileWithNothingInItIsSetAsideAndSaysWhy() throws IOException {
    Path found = open(new byte[0]);
    EpisodeRecovery.Result.Unreadable unreadable =
        assertInstanceOf(EpisodeRecovery.Result.Unreadable.class, EpisodeRecovery.recover(found));
    assertEquals(folder.resolve("lift.mcap.damaged"), unreadable.kept());
    assertTrue(unreadable.problem().contains("does not start as MCAP"), unreadable.problem());
    assertFalse(Files.exists(found));
  }

  @Test
  void aDamagedChunkIsLeftOutAndTheOriginalKept() throws IOException {
    Path file = recorded();
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    bytes[bytes.length / 3] ^= 1;
    bytes[bytes.length / 3 + 1] ^= 1;
    EpisodeRecovery.Result.Recovered recovered =
        assertInstanceOf(
            EpisodeRecovery.Result.Recovered.class, EpisodeRecovery.recover(open(bytes)));
    assertTrue(recovered.messages() < 200);
    assertTrue(recovered.damagedChunks() > 0 || recovered.lostBytes() > 0, recovered.toString());
    assertEquals(recovered.damagedChunks() > 0, Files.exists(folder.resolve("lift.mcap.damaged")));
  }

  @Test
  void oneThatCannotBeRecoveredKeepsNoOtherFromIt() throws IOException {
    byte[] bytes = Files.readAllBytes(recorded());
    Path folderOfThatName = Files.createDirectory(folder.resolve("a.mcap.open"));
    open(Arrays.copyOf(bytes, bytes.length / 2));
    List<EpisodeRecovery.Result> results = EpisodeRecovery.recoverFolder(folder);
    EpisodeRecovery.Result.Failed failed =
        assertInstanceOf(EpisodeRecovery.Result.Failed.class, results.getFirst());
    assertEquals(folderOfThatName, failed.found());
    assertTrue(failed.message().contains("a.mcap.open"), failed.message());
    assertInstanceOf(EpisodeRecovery.Result.Recovered.class, results.getLast());
  }

  @Test
  void whatWasSetAsideIsNeverOverwritten() throws IOException {
    for (String content : List.of("one", "two")) {
      open(content.getBytes(StandardCharsets.UTF_8));
      EpisodeRecovery.recoverFolder(folder);
    }
    assertEquals("one", Files.readString(folder.resolve("lift.mcap.damaged")));
    assertEquals("two", Files.readString(folder.resolve("lift.mcap.damaged-2")));
  }

  @Test
  void aNewRecorderRecoversItsFolderButNotTheEpisodeOfAnother() throws IOException {
    byte[] bytes = Files.readAllBytes(recorded());
    open(Arrays.copyOf(bytes, bytes.length / 2));
    RecorderSettings settings = RecorderSettings.lockstep(folder);
    try (EpisodeRecorder first = new EpisodeRecorder(settings, new SimulatedClock())) {
      assertTrue(Files.exists(folder.resolve("lift.recovered.mcap")));
      first.begin(LIFT);
      Path open = folder.resolve("lift-2.mcap.open");
      new EpisodeRecorder(settings, new SimulatedClock()).close();
      assertTrue(Files.exists(open));
      assertEquals(new EpisodeRecovery.Result.InUse(open), EpisodeRecovery.recover(open));
    }
  }

  @Test
  void aFileThatIsStillWrittenByAnotherProcessIsLeftAlone() throws Exception {
    Process process = record();
    try {
      Path found = folder.resolve("lift.mcap.open");
      assertEquals(
          List.of(new EpisodeRecovery.Result.InUse(found)), EpisodeRecovery.recoverFolder(folder));
      assertTrue(process.isAlive());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void killedTheRecorderLeavesWhatItWroteInOrder() throws Exception {
    Process process = record();
    process.destroyForcibly().waitFor(); // SIGKILL
    EpisodeRecovery.Result.Recovered recovered =
        assertInstanceOf(
            EpisodeRecovery.Result.Recovered.class,
            EpisodeRecovery.recoverFolder(folder).getFirst());
    try (McapReader reader = McapReader.open(recovered.file())) {
      assertTrue(reader.messageCount() > 0);
      long[] next = {1};
      reader.read((channel, sequence, log, publish, payload) -> assertEquals(next[0]++, sequence));
      assertTrue(stamps().getLong(8) >= reader.messageCount());
    }
  }

  @Test
  void atNoMomentIsMoreUnwrittenThanTheFlushTimeAllows() throws IOException {
    long flushNanos = RecorderSettings.realTime(folder).flushNanos();
    RecorderSettings settings =
        new RecorderSettings(folder, false, flushNanos, 1 << 20, Long.MAX_VALUE, 1 << 16, 1);
    SimulatedClock clock = new SimulatedClock();
    Path copy = Files.createDirectory(folder.resolve("copy")).resolve("lift.mcap.open");
    try (EpisodeRecorder recorder = new EpisodeRecorder(settings, clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1 << 16);
      recorder.begin(LIFT);
      for (int i = 0; i < 200; i++) {
        clock.advance(1_000_000);
        MemorySegment cdr = TestChannels.array(i);
        ring.offer(commands, clock.nanos(), 0, cdr, 0, cdr.byteSize());
        recorder.drain();
        if (clock.nanos() > 2 * flushNanos) {
          Files.copy(folder.resolve("lift.mcap.open"), copy); // what a kill would leave
          assertTrue(clock.nanos() - lastStamp(copy) <= flushNanos, () -> "at " + clock.nanos());
        }
      }
    }
  }

  private static long lastStamp(Path found) throws IOException {
    EpisodeRecovery.Result.Recovered recovered =
        assertInstanceOf(EpisodeRecovery.Result.Recovered.class, EpisodeRecovery.recover(found));
    try (McapReader reader = McapReader.open(recovered.file())) {
      return reader.endNanos();
    } finally {
      Files.delete(recovered.file());
    }
  }

  /** Starts a recording process and waits until it has recorded for a while. */
  private Process record() throws Exception {
    Files.deleteIfExists(folder.resolve("stamps"));
    Process process =
        new ProcessBuilder(
                RecordingProcess.command(
                    "realtime", folder.toString(), folder.resolve("stamps").toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    while (!Files.exists(folder.resolve("stamps"))
        || Files.size(folder.resolve("stamps")) < 16
        || stamps().getLong(8) < 250) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new AssertionError(Files.readString(folder.resolve("output")));
      }
    }
    return process;
  }

  private ByteBuffer stamps() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(folder.resolve("stamps")))
        .order(ByteOrder.nativeOrder());
  }
}
