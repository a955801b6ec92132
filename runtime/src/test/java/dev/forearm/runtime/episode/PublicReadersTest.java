package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.runtime.clock.SimulatedClock;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Episodes as the public Python readers see them: mcap, mcap-ros2-support and rosbags. */
class PublicReadersTest {
  private static final EpisodeInfo INFO =
      new EpisodeInfo("lift", "lift", 7, "tabletop", "lift-sft", "abc", Map.of());

  @TempDir Path folder;

  @Test
  void theyReadAFinishedEpisode() throws Exception {
    String python = pythonWithReaders();
    Path file = record(1000);
    check(read(python, file), 1000, "success");
  }

  @Test
  void theyReadARecoveredEpisode() throws Exception {
    String python = pythonWithReaders();
    Path file = record(1000);
    byte[] bytes = Files.readAllBytes(file);
    Path open = folder.resolve("cut.mcap.open");
    Files.write(open, Arrays.copyOf(bytes, bytes.length * 2 / 3));
    if (EpisodeRecovery.recover(open) instanceof EpisodeRecovery.Result.Recovered recovered) {
      check(read(python, recovered.file()), (int) recovered.messages() - 1, "unknown");
    } else {
      fail("not recovered");
    }
  }

  /** One latched name and so many commands, ten chunks a simulated second. */
  private Path record(int commandCount) {
    SimulatedClock clock = new SimulatedClock();
    RecorderSettings settings =
        new RecorderSettings(folder, true, 100_000_000, 1 << 20, Long.MAX_VALUE, 0, 1);
    try (EpisodeRecorder recorder = new EpisodeRecorder(settings, clock)) {
      int names = recorder.channel(TestChannels.NAMES);
      int commands = recorder.channel(TestChannels.COMMANDS);
      RecordRing ring = recorder.ring("control", 1 << 16);
      MemorySegment name = TestChannels.string("red_cube,grün");
      ring.offer(names, 0, 0, name, 0, name.byteSize());
      recorder.begin(INFO);
      for (int i = 0; i < commandCount; i++) {
        clock.advance(2_000_000);
        MemorySegment cdr = TestChannels.array(i, 0.5);
        ring.offer(commands, clock.nanos(), 0, cdr, 0, cdr.byteSize());
        recorder.drain();
      }
      return recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "held")).file();
    }
  }

  private static void check(Map<?, ?> seen, int commands, String result) throws Exception {
    assertTrue(commands > 400, "commands " + commands);
    Map<?, ?> mcap = map(seen, "mcap");
    Map<?, ?> rosbags = map(seen, "rosbags");
    assertEquals("ros2", mcap.get("profile"));
    assertEquals(EpisodeInfo.software(), mcap.get("library"));
    assertEquals(commands + 1, mcap.get("statistics"));
    assertEquals(commands + 1, mcap.get("streamed"));
    assertEquals(List.of("zstd"), mcap.get("compression"));
    Map<?, ?> metadata = map(mcap, "metadata");
    assertEquals("7", map(metadata, "forearm.episode").get("seed"));
    assertEquals(result, map(metadata, "forearm.outcome").get("result"));
    List<Object> sum = List.of(commands, digest(commands));
    Map<String, Object> counts = Map.of("/object_names", 1, "/arm_controller/commands", commands);
    for (Map<?, ?> reader : List.of(mcap, rosbags)) {
      assertEquals(counts, reader.get("counts"));
      assertEquals(List.of("red_cube,grün"), reader.get("names"));
      assertEquals(sum, reader.get("commands"));
    }
    assertEquals(
        Map.of(
            "/object_names", List.of("RELIABLE", "TRANSIENT_LOCAL", "KEEP_LAST", 1),
            "/arm_controller/commands", List.of("RELIABLE", "VOLATILE", "KEEP_LAST", 10)),
        rosbags.get("qos"));
  }

  private static String digest(int commands) throws Exception {
    StringJoiner sums = new StringJoiner(",");
    for (int i = 0; i < commands; i++) {
      sums.add(String.format(Locale.ROOT, "%.3f", i + 0.5));
    }
    byte[] text = sums.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
  }

  private static Map<?, ?> map(Map<?, ?> in, String key) {
    if (in.get(key) instanceof Map<?, ?> value) {
      return value;
    }
    throw new AssertionError(key + " is missing in " + in);
  }

  /** The Python to ask, or the test is skipped; with FOREARM_REQUIRE_PEERS=1 it fails. */
  private String pythonWithReaders() throws Exception {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    Path output = folder.resolve("python.txt");
    boolean found;
    try {
      found =
          new ProcessBuilder(python, "-c", "import mcap, mcap_ros2, rosbags")
                  .redirectErrorStream(true)
                  .redirectOutput(output.toFile())
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      found = false;
    }
    String message =
        "%s lacks mcap, mcap-ros2-support or rosbags; install them or set FOREARM_PYTHON"
            .formatted(python);
    if (!found && "1".equals(System.getenv("FOREARM_REQUIRE_PEERS"))) {
      fail(message);
    }
    assumeTrue(found, message);
    return python;
  }

  private Map<?, ?> read(String python, Path file) throws Exception {
    Path script = folder.resolve("read_episode.py");
    try (InputStream source = getClass().getResourceAsStream("/episode/read_episode.py")) {
      Files.write(script, Objects.requireNonNull(source).readAllBytes());
    }
    Path output = folder.resolve("seen.json");
    Path errors = folder.resolve("errors.txt");
    int status =
        new ProcessBuilder(python, script.toString(), file.toString())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start()
            .waitFor();
    assertEquals(0, status, Files.readString(errors));
    Object seen = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(output));
    if (seen instanceof Map<?, ?> map) {
      return map;
    }
    throw new AssertionError("the readers printed " + seen);
  }
}
