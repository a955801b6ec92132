package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.mcap.McapReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real {@code ros2 bag} records a run; what it recorded is imported, and played to another one,
 * as are episodes, over both transports. Skipped where the ROS 2 that is sourced has none.
 */
@Tag("ros")
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
class Ros2BagTest {
  private static final String BUNDLE =
      Path.of("..", "models", "bundles", "lift-sft").toAbsolutePath().normalize().toString();
  private static final List<String> TOPICS =
      List.of(
          "/joint_states",
          "/scene_camera/image_raw",
          "/wrist_camera/image_raw",
          "/objects",
          "/arm_controller/commands");
  private static final List<String> PLAYED = List.of("/joint_states", "/objects", "/object_names");
  private static final Pattern COUNT = Pattern.compile("Topic: (\\S+) .* Count: (\\d+) ");
  private static final int RECORDED_SECONDS = 4;

  @TempDir private Path folder;

  private final String carrier;
  private final Ros2Commands ros2;

  Ros2BagTest(Carrier carrier) throws Exception {
    this.carrier = "--transport=" + carrier;
    ros2 = new Ros2Commands(carrier, "ros2bag");
  }

  @AfterEach
  void stopTheDaemon() throws Exception {
    ros2.close();
  }

  private Forearm start(String... arguments) {
    return Forearm.start(folder, ros2.environment(), arguments);
  }

  private Forearm run(String out, String... more) {
    List<String> all = new ArrayList<>(List.of("run", "--robot=tabletop", "--bundle=" + BUNDLE));
    all.addAll(List.of("--out=" + out, carrier));
    all.addAll(List.of(more));
    return start(all.toArray(String[]::new));
  }

  @Test
  void whatRos2BagRecordedIsImportedWholeAndItPlaysThatAndEpisodesToAnotherRun() throws Exception {
    List<Path> bags = new ArrayList<>();
    try (Forearm _ = start("sim", "--seed=3", carrier);
        Forearm run = run("live")) {
      run.await("a running arm", () -> run.output().contains("RUN: nothing is wrong"));
      bags.add(recorded("mcap", ""));
      bags.add(recorded("sqlite3", " --compression-mode file --compression-format zstd"));
    }
    for (Path bag : bags) {
      Path episodes = folder.resolve("of_" + bag.getFileName());
      try (Forearm imported =
          start(
              "episodes",
              "import",
              bag.toString(),
              "--robot=tabletop",
              "-o",
              episodes.toString())) {
        assertEquals(0, imported.exitCode(), imported::output);
      }
      requireSame(bag, episode(episodes));
    }
    played(bags.getFirst());
    try (Forearm repaired = start("episodes", "repair", "live")) {
      assertEquals(0, repaired.exitCode(), repaired::output);
    }
    Path own = episode(folder.resolve("live"));
    requireSame(own, own);
    played(own);
  }

  /** Every message that {@code ros2 bag} finds in a bag is in an episode. */
  private void requireSame(Path bag, Path episode) throws Exception {
    String info = ros2.said("60 ros2 bag info " + bag, 0);
    Map<String, Long> counts = new HashMap<>();
    for (Matcher topics = COUNT.matcher(info); topics.find(); ) {
      counts.put(topics.group(1), Long.valueOf(topics.group(2)));
    }
    TOPICS.forEach(topic -> assertTrue(counts.getOrDefault(topic, 0L) > 0, info));
    try (McapReader reader = McapReader.open(episode)) {
      counts.forEach((topic, count) -> assertEquals(count, reader.messageCount(topic), topic));
    }
  }

  private static Path episode(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".mcap")).findFirst().orElseThrow();
    }
  }

  /** A run that sends nothing sees a robot where a bag is played. */
  private void played(Path bag) throws Exception {
    Process player =
        ros2.start(
            "exec ros2 bag play %s --loop --disable-keyboard-controls --topics %s > %s 2>&1"
                .formatted(bag, String.join(" ", PLAYED), folder.resolve("player.log")));
    try (Forearm run = run("played", "--dry-run")) {
      run.await("a robot that runs", () -> run.output().contains("RUN: nothing is wrong"));
    } finally {
      player.destroy();
      player.waitFor();
    }
  }

  /** A bag of all that is told, once what is wanted of it has been found. */
  private Path recorded(String storage, String options) throws Exception {
    Path bag = folder.resolve("bag_" + storage);
    Process recorder =
        ros2.start(
            "exec env PYTHONUNBUFFERED=1 ros2 bag record --all-topics --disable-keyboard-controls -s %s -o %s%s"
                .formatted(storage, bag, options));
    Set<String> missing = new HashSet<>(TOPICS);
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = recorder.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        String last = line;
        missing.removeIf(topic -> last.contains("'" + topic + "'"));
        if (missing.isEmpty()) {
          break;
        }
      }
      assertEquals(Set.of(), missing, said::toString);
      TimeUnit.SECONDS.sleep(RECORDED_SECONDS);
      recorder.toHandle().destroy(); // SIGTERM, and what it still says is heard
      lines.lines().forEach(said::add);
    }
    recorder.waitFor();
    try (Stream<Path> files = Files.list(bag)) {
      assertTrue(files.anyMatch(file -> file.endsWith("metadata.yaml")), said::toString);
    }
    return bag;
  }
}
