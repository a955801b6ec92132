package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeRecorderTest {
  private static final EpisodeInfo LIFT =
      new EpisodeInfo("lift-7", "lift", 7, "tabletop", "lift-sft", "abc", Map.of("gap", "none"));
  private static final EpisodeOutcome SUCCESS =
      new EpisodeOutcome(EpisodeOutcome.Result.SUCCESS, "held", Map.of("stages", "1"));

  @TempDir Path folder;
  private final SimulatedClock clock = new SimulatedClock();

  private static boolean offer(RecordRing ring, int channel, long nanos, MemorySegment cdr) {
    return ring.offer(channel, nanos, 0, cdr, 0, cdr.byteSize());
  }

  @Test
  void anEpisodeIsOpenUntilItEndsAndThenComplete() throws IOException {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1 << 16);
      assertEquals(
          new RecorderState.Recording(folder.resolve("lift-7.mcap")), recorder.begin(LIFT));
      for (int i = 1; i <= 100; i++) {
        clock.advance(2_000_000);
        assertTrue(offer(ring, commands, clock.nanos(), TestChannels.array(i)));
        recorder.drain();
      }
      assertEquals(List.of("lift-7.mcap.open"), files());

      EpisodeReport report = recorder.end(SUCCESS);
      assertEquals(List.of("lift-7.mcap"), files());
      assertTrue(report.complete());
      assertEquals(100, report.messages());
      assertEquals(Files.size(report.file()), report.bytes());
      assertEquals(Map.of(), report.dropped());
      assertInstanceOf(RecorderState.Idle.class, recorder.state());

      try (McapReader reader = McapReader.open(report.file())) {
        Map<String, String> info = reader.metadata(EpisodeInfo.RECORD);
        assertEquals("7", info.get("seed"));
        assertEquals("none", info.get("gap"));
        assertTrue(info.getOrDefault("software", "").startsWith("forearm "));
        Map<String, String> outcome = reader.metadata(EpisodeOutcome.RECORD);
        assertEquals("success", outcome.get("result"));
        assertEquals("1", outcome.get("stages"));
        assertEquals("0", outcome.get("dropped"));
        assertEquals(2_000_000, reader.startNanos());
        assertEquals(200_000_000, reader.endNanos());
      }
    }
  }

  @Test
  void ringsAreMergedInTheOrderOfTime() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing one = recorder.ring("one", 1 << 16);
      RecordRing two = recorder.ring("two", 1 << 16);
      recorder.begin(LIFT);
      for (int i = 0; i < 50; i++) {
        offer(one, commands, 3L * i, TestChannels.array(i));
        offer(two, commands, 2L * i, TestChannels.array(i));
      }
      EpisodeReport report = recorder.end(SUCCESS);

      List<Long> sequences = new ArrayList<>();
      List<Long> times = new ArrayList<>();
      try (McapReader reader = McapReader.open(report.file())) {
        reader.read((channel, sequence, log, publish, payload) -> {
          sequences.add(sequence);
          times.add(log);
        });
      }
      assertEquals(times.stream().sorted().toList(), times);
      assertEquals(sequences.stream().sorted().toList(), sequences);
      assertEquals(100, times.size());
    }
  }

  @Test
  void whatWasOfferedBetweenEpisodesIsLeftOutButLatchedTopicsAreRepeated() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int names = recorder.channel(TestChannels.NAMES);
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("receive", 1 << 16);
      offer(ring, names, 1, TestChannels.string("old"));
      offer(ring, names, 2, TestChannels.string("red_cube,button"));
      offer(ring, commands, 3, TestChannels.array(1));
      clock.advance(1000);
      for (int episode = 0; episode < 2; episode++) {
        recorder.begin(LIFT);
        EpisodeReport report = recorder.end(SUCCESS);
        List<byte[]> payloads = new ArrayList<>();
        try (McapReader reader = McapReader.open(report.file())) {
          assertEquals(1, reader.messageCount());
          assertEquals(1000, reader.startNanos());
          reader.read((channel, sequence, log, publish, payload) -> {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            payloads.add(bytes);
          });
        }
        assertArrayEquals(
            (byte[]) TestChannels.string("red_cube,button").heapBase().orElseThrow(),
            payloads.getFirst());
      }
    }
  }

  @Test
  void whatJustHappenedIsKeptWithoutAnEpisode() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int names = recorder.channel(TestChannels.NAMES);
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("receive", 1 << 16);
      recorder.remember(100, 1 << 16);
      offer(ring, names, 1, TestChannels.string("red_cube"));
      for (int i = 1; i <= 1000; i++) {
        clock.advance(1);
        offer(ring, commands, i, TestChannels.array(i));
        recorder.drain();
      }
      EpisodeReport kept = recorder.keep(LIFT, SUCCESS);
      assertTrue(kept.complete(), kept::toString);
      List<Long> times = new ArrayList<>();
      try (McapReader reader = McapReader.open(kept.file())) {
        reader.read((channel, sequence, log, publish, payload) -> times.add(log));
        assertEquals(1, reader.messageCount("/object_names"));
        assertEquals(101, reader.messageCount("/arm_controller/commands"));
        assertEquals("1.0E-7", reader.metadata("forearm.outcome").get("kept_seconds"));
      }
      assertEquals(900, times.getFirst());
      assertEquals(1000, times.getLast());

      EpisodeReport next = recorder.keep(LIFT, SUCCESS);
      assertFalse(next.complete(), "what was kept once is not kept again");
      assertEquals(1, next.messages());
    }
  }

  @Test
  void whatFoundNoRoomIsSaidAndMemoryStaysAsItIs() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("receive", 1 << 16);
      recorder.remember(1_000_000, 1024);
      for (int i = 1; i <= 1000; i++) {
        clock.advance(1);
        offer(ring, commands, i, TestChannels.array(i));
        recorder.drain();
      }
      offer(ring, commands, 1000, TestChannels.array(new double[1000]));
      EpisodeReport kept = recorder.keep(LIFT, SUCCESS);
      assertFalse(kept.complete());
      assertTrue(kept.messages() > 5 && kept.messages() < 20, kept::toString);
      assertTrue(kept.reason().startsWith("it holds "), kept::reason);
      assertEquals(1, kept.dropped().get("/arm_controller/commands"));
    }
  }

  @Test
  void aDiskThatIsFullKeepsNothingAndLeavesNoFile() throws IOException {
    RecorderSettings settings =
        new RecorderSettings(folder, false, 1, 1 << 20, 1, Long.MAX_VALUE, 1);
    try (EpisodeRecorder recorder = new EpisodeRecorder(settings, clock)) {
      recorder.remember(1_000, 1024);
      EpisodeReport kept = recorder.keep(LIFT, SUCCESS);
      assertFalse(kept.complete());
      assertTrue(kept.reason().contains("nothing is kept"), kept::reason);
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  @Test
  void dropsAreReportedByTopicAndWrittenIntoTheFile() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1024);
      recorder.begin(LIFT);
      int accepted = 0;
      for (int i = 0; i < 100; i++) {
        accepted += offer(ring, commands, i, TestChannels.array(1, 2, 3)) ? 1 : 0;
      }
      EpisodeReport report = recorder.end(SUCCESS);
      long lost = 100L - accepted;
      assertTrue(lost > 0);
      assertEquals(Map.of("/arm_controller/commands", lost), report.dropped());
      assertEquals(accepted, report.messages());
      try (McapReader reader = McapReader.open(report.file())) {
        assertEquals(
            Long.toString(lost),
            reader.metadata(EpisodeOutcome.RECORD).get("dropped:/arm_controller/commands"));
      }

      recorder.begin(LIFT);
      assertEquals(Map.of(), recorder.end(SUCCESS).dropped(), "counts start anew per episode");
    }
  }

  @Test
  void anotherEpisodeOfTheSameNameGetsANumber() throws IOException {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      for (int i = 0; i < 3; i++) {
        recorder.begin(LIFT);
        recorder.end(SUCCESS);
      }
    }
    assertEquals(List.of("lift-7-2.mcap", "lift-7-3.mcap", "lift-7.mcap"), files());
  }

  @Test
  void equalLockstepRunsGiveEqualFiles() throws IOException {
    List<byte[]> runs = new ArrayList<>();
    for (String run : List.of("a", "b")) {
      SimulatedClock time = new SimulatedClock();
      try (EpisodeRecorder recorder =
          new EpisodeRecorder(RecorderSettings.lockstep(folder.resolve(run)), time)) {
        int commands = recorder.channel(TestChannels.COMMANDS);
        RecordRing ring = recorder.ring("control", 1 << 16);
        recorder.begin(LIFT);
        for (int i = 0; i < 500; i++) {
          time.advance(2_000_000);
          offer(ring, commands, time.nanos(), TestChannels.array(Math.sin(i), Math.cos(i)));
          recorder.drain();
        }
        runs.add(Files.readAllBytes(recorder.end(SUCCESS).file()));
      }
    }
    assertArrayEquals(runs.getFirst(), runs.getLast());
  }

  @Test
  void aTopicThatAppearsDuringAnEpisodeIsRecordedFromThenOn() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1 << 16);
      recorder.begin(LIFT);
      offer(ring, commands, 1, TestChannels.array(1));
      recorder.drain();
      int names = recorder.channel(TestChannels.NAMES);
      offer(ring, names, 2, TestChannels.string("late"));
      EpisodeReport report = recorder.end(SUCCESS);
      try (McapReader reader = McapReader.open(report.file())) {
        assertEquals(1, reader.messageCount("/object_names"));
        assertEquals(2, reader.messageCount());
      }
    }
  }

  @Test
  void closingAbortsAnOpenEpisode() {
    EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock);
    recorder.begin(LIFT);
    recorder.close();
    try (McapReader reader = McapReader.open(folder.resolve("lift-7.mcap"))) {
      assertEquals("aborted", reader.metadata(EpisodeOutcome.RECORD).get("result"));
    }
  }

  @Test
  void beginningTwiceAndEndingTwiceAreErrors() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      assertThrows(IllegalStateException.class, () -> recorder.end(SUCCESS));
      recorder.begin(LIFT);
      assertThrows(IllegalStateException.class, () -> recorder.begin(LIFT));
    }
  }

  @Test
  void aReserveThatIsNotThereStopsTheRecordingAndNotTheEpisode() throws IOException {
    RecorderSettings greedy =
        new RecorderSettings(
            folder, false, Long.MAX_VALUE, 1 << 20, Long.MAX_VALUE, Long.MAX_VALUE, 1);
    try (EpisodeRecorder recorder = new EpisodeRecorder(greedy, clock)) {
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1 << 12);
      RecorderState.Stopped stopped =
          assertInstanceOf(RecorderState.Stopped.class, recorder.begin(LIFT));
      assertTrue(stopped.report().reason().contains("reserve"), stopped.report().reason());
      for (int i = 0; i < 1000; i++) {
        assertTrue(offer(ring, commands, i, TestChannels.array(i)), "rings are still emptied");
        recorder.drain();
      }
      assertFalse(recorder.end(SUCCESS).complete());
      assertEquals(List.of(), files());
    }
  }

  @Test
  void aFolderThatIsGoneIsMadeAgainForTheNextEpisode() throws IOException {
    Path recordings = folder.resolve("recordings");
    try (EpisodeRecorder recorder =
        new EpisodeRecorder(RecorderSettings.lockstep(recordings), clock)) {
      Files.delete(recordings);
      assertInstanceOf(RecorderState.Recording.class, recorder.begin(LIFT));
      Files.delete(recordings.resolve("lift-7.mcap.open"));
      Files.delete(recordings);
      EpisodeReport report = recorder.end(SUCCESS);
      assertFalse(report.complete());
      assertTrue(report.reason().contains("there is no"), report.reason());
      assertTrue(report.reason().contains("nothing is kept"), report.reason());
      recorder.begin(LIFT);
      assertTrue(recorder.end(SUCCESS).complete());
    }
  }

  @Test
  void aFileThatTookTheNameMeanwhileIsNotOverwritten() throws IOException {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      recorder.begin(LIFT);
      Files.writeString(folder.resolve("lift-7.mcap"), "somebody's");
      EpisodeReport report = recorder.end(SUCCESS);
      assertTrue(report.complete());
      assertEquals(folder.resolve("lift-7-2.mcap"), report.file());
      assertEquals("somebody's", Files.readString(folder.resolve("lift-7.mcap")));
    }
  }

  @Test
  void aFolderBehindALinkIsRecordedInto() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(link), clock)) {
      recorder.begin(LIFT);
      assertTrue(recorder.end(SUCCESS).complete());
    }
    assertTrue(Files.exists(real.resolve("lift-7.mcap")));
  }

  @Test
  void aProducerThatFailedIsReportedWithTheEpisodeAndWithTheNext() {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      recorder.begin(LIFT);
      recorder.producerFailed(new IllegalStateException("too wide"));
      recorder.producerFailed(new IllegalStateException("and another"));
      for (EpisodeReport report : List.of(recorder.end(SUCCESS), next(recorder))) {
        assertFalse(report.complete());
        assertTrue(report.reason().contains("too wide"), report.reason());
        try (McapReader reader = McapReader.open(report.file())) {
          String recorded =
              reader.metadata(EpisodeOutcome.RECORD).getOrDefault("recording_failure", "");
          assertTrue(recorded.contains("too wide"), recorded);
        }
      }
    }
  }

  private static EpisodeReport next(EpisodeRecorder recorder) {
    recorder.begin(LIFT);
    return recorder.end(SUCCESS);
  }

  @Test
  void aFolderThatCannotBeMadeIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    RuntimeFault fault =
        assertThrows(
            RuntimeFault.class,
            () -> new EpisodeRecorder(RecorderSettings.lockstep(file.resolve("x")), clock));
    assertTrue(String.valueOf(fault.getMessage()).contains(file.toString()), fault.getMessage());
  }

  @Test
  void anEpisodeNameThatIsAPathIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new EpisodeInfo("../x", "lift", 1, "r", "b", "", Map.of()));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
