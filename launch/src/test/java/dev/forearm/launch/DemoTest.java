package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.runtime.episode.EpisodeRecovery;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The demo as a user starts it, on good days and bad: real processes, real DDS. */
@Execution(ExecutionMode.CONCURRENT)
final class DemoTest {
  private static final long UNDER_WAY_BYTES = 100_000;

  @TempDir private Path folder;

  @Test
  void theDemoPlaysItsEpisodesAndReportsThem() throws Exception {
    try (Forearm demo = demo("--episodes", "2", "--json", "result.json")) {
      assertEquals(0, demo.exitCode(), demo::output);

      Map<?, ?> result = json(folder.resolve("result.json"));
      Set<Object> wanted =
          new LinkedHashSet<>(
              List.of(
                  "episodes",
                  "successes",
                  "transport",
                  "control_hz",
                  "missed_cycles",
                  "cycles",
                  "period_p50_us",
                  "period_p99_us",
                  "period_max_us",
                  "control_bytes_per_cycle",
                  "inference_p50_us",
                  "inference_p99_us",
                  "episode_files"));
      wanted.removeAll(result.keySet());
      assertEquals(Set.of(), wanted);
      assertEquals(2, result.get("episodes"));
      List<?> files = (List<?>) result.get("episode_files");
      assertTrue(files != null && files.size() == 2, demo::output);
      for (Object file : files) {
        try (McapReader episode = McapReader.open(Path.of(file.toString()))) {
          for (String topic :
              List.of(
                  "/joint_states",
                  "/objects",
                  "/scene_camera/image_raw",
                  "/arm_controller/commands",
                  "/forearm/observation",
                  "/forearm/chunk",
                  "/forearm/safety",
                  "/sim/task_state")) {
            assertTrue(episode.messageCount(topic) > 0, topic);
          }
        }
      }
    }
  }

  @Test
  void aKilledSimulatorHoldsTheArmAndTheEpisodeIsPlayedAgain() throws Exception {
    try (Forearm demo = demo("--episodes", "1", "--json", "result.json")) {
      awaitEpisodeUnderWay(demo);
      demo.handle().children().forEach(ProcessHandle::destroyForcibly);

      assertEquals(0, demo.exitCode(), demo::output);
      assertTrue(demo.output().contains("the simulator ended with exit code 137"), demo::output);
      assertTrue(demo.output().contains("HOLD: joint state stopped arriving"), demo::output);
      Map<?, ?> result = json(folder.resolve("result.json"));
      assertEquals(1, result.get("episodes"));
      assertEquals(2, result.get("simulator_starts"));
      List<Path> files = files(".mcap");
      assertEquals(2, files.size(), files::toString);
      assertHeldAfterwards(aborted(files));
    }
  }

  @Test
  void aKilledRuntimeLeavesAnEpisodeAndNoSimulator() throws Exception {
    try (Forearm demo = demo("--episodes", "1")) {
      awaitEpisodeUnderWay(demo);
      ProcessHandle simulator = demo.handle().children().findFirst().orElseThrow();
      demo.handle().destroyForcibly();
      demo.exitCode();

      List<EpisodeRecovery.Result> recovered = EpisodeRecovery.recoverFolder(folder);
      assertEquals(1, recovered.size(), recovered::toString);
      try (McapReader episode = McapReader.open(files(".mcap").getFirst())) {
        assertTrue(episode.messageCount("/arm_controller/commands") > 0, recovered::toString);
      }
      simulator.onExit().get();
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsRefusedInOneLine() throws Exception {
    Files.writeString(folder.resolve("file"), "");
    try (Forearm demo =
        Forearm.start(folder, Map.of(), "demo", "--bundle", "expert", "--out", "file/below")) {
      assertEquals(1, demo.exitCode());
      assertTrue(demo.output().startsWith("demo: folder file/below"), demo::output);
      assertEquals(1, demo.output().lines().count(), demo::output);
    }
  }

  @Test
  void theRuntimeAloneDrivesASimulatorThatSomebodyElseStarted() throws Exception {
    Map<String, String> domain = Forearm.domain(FreeDomain.take());
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3");
        Forearm run =
            Forearm.start(
                folder,
                domain,
                "run",
                "--robot=tabletop",
                "--bundle=expert",
                "--seconds=25",
                "--out=.",
                "--json=run.json")) {
      assertEquals(0, run.exitCode(), run::output);
      assertTrue(run.output().contains("RUN: nothing is wrong"), run::output);
      Map<?, ?> result = json(folder.resolve("run.json"));
      assertTrue(result.containsKey("control_hz"), result::toString);
      try (McapReader episode = McapReader.open(files(".mcap").getFirst())) {
        assertTrue(episode.messageCount("/arm_controller/commands") > 0, sim::output);
      }
    }
  }

  @Test
  void twoSimulatorsInOneDomainAreRefused() throws Exception {
    Map<String, String> domain = Forearm.domain(FreeDomain.take());
    try (Forearm first = Forearm.start(folder, domain, "sim", "--no-cameras")) {
      first.await("the first simulator", () -> first.output().contains("simulating"));
      try (Forearm second = Forearm.start(folder, domain, "sim", "--no-cameras")) {
        assertEquals(1, second.exitCode(), second::output);
        assertTrue(second.output().contains("set another ROS_DOMAIN_ID"), second::output);
      }
    }
  }

  @Test
  void withoutMujocoOrDdsOneLineSaysWhatToDo() throws Exception {
    for (String library : List.of("FOREARM_MUJOCO_LIB", "FOREARM_DDSC_LIB")) {
      Map<String, String> environment = new HashMap<>(Forearm.domain(FreeDomain.take()));
      environment.put(library, "/nowhere/lib.so");
      try (Forearm sim = Forearm.start(folder, environment, "sim", "--seconds", "1")) {
        assertEquals(1, sim.exitCode(), sim::output);
        assertTrue(sim.output().contains(library), sim::output);
        assertTrue(sim.output().lines().allMatch(line -> !line.contains("\tat ")), sim::output);
      }
    }
  }

  private Forearm demo(String... more) {
    return Forearm.start(
        folder,
        Map.of(),
        Stream.concat(
                Stream.of("demo", "--headless", "--bundle", "expert", "--out", "."),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private void awaitEpisodeUnderWay(Forearm demo) throws InterruptedException {
    demo.await(
        "an episode under way",
        () -> files(".open").stream().anyMatch(file -> size(file) > UNDER_WAY_BYTES));
  }

  private static Path aborted(List<Path> files) {
    for (Path file : files) {
      try (McapReader episode = McapReader.open(file)) {
        if ("aborted".equals(episode.metadata("forearm.outcome").get("result"))) {
          return file;
        }
      }
    }
    throw new AssertionError("no episode was aborted among " + files);
  }

  /** In the file, a hold that names the joint state comes after the last of them. */
  private static void assertHeldAfterwards(Path file) {
    boolean[] held = new boolean[1];
    try (McapReader episode = McapReader.open(file)) {
      episode.read(
          Set.of("/joint_states", "/forearm/safety"),
          (channel, sequence, logNanos, publishNanos, payload) ->
              held[0] =
                  !channel.topic().equals("/joint_states")
                      && (held[0] || isLostJointState(MemorySegment.ofBuffer(payload))));
    }
    assertTrue(held[0], "no hold for a lost joint state in " + file);
  }

  private static boolean isLostJointState(MemorySegment cdr) {
    return DiagnosticStatus.decode(cdr).values().stream()
        .anyMatch(value -> value.value().equals("JOINT_STATE_STALE"));
  }

  private List<Path> files(String ending) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0; // renamed between the two calls
    }
  }

  private static Map<?, ?> json(Path file) throws IOException {
    Object read = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    return Optional.ofNullable(read).map(Map.class::cast).orElseThrow();
  }
}
