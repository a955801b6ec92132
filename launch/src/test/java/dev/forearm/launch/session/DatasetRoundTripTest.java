package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.datasets.EpisodeFrames;
import dev.forearm.datasets.lerobot.LeRobotExport;
import dev.forearm.datasets.lerobot.LeRobotImport;
import dev.forearm.launch.House;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.node.SimulatedArm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of the robots that ship, recorded, made a LeRobot dataset and brought back from it. */
final class DatasetRoundTripTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int FPS = 20;
  private static final Path UR5E = Path.of("src/main/resources/robots/ur5e.yaml");
  private static final String TRAJECTORY =
      "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}";
  private static final String GOALS =
      "{action: /scaled_joint_trajectory_controller/follow_joint_trajectory, form: trajectory,"
          + " rate_hz: 20, change_min: 0.0001}";

  @TempDir private Path folder;

  static Stream<Named<Robot>> robots() throws IOException {
    String ur5e = Files.readString(UR5E);
    assertTrue(ur5e.contains(TRAJECTORY), "the robot file has another command");
    return Stream.of(
        Named.of("fr3, trajectories and a gripper's goals", House.robot("fr3")),
        Named.of("ur5e, trajectories", House.robot("ur5e")),
        Named.of(
            "ur5e, trajectories as goals",
            RobotFile.parse(ur5e.replace(TRAJECTORY, GOALS), "ur5e.yaml")),
        Named.of("so101, positions in units of its own", House.robot("so101")));
  }

  @ParameterizedTest
  @MethodSource("robots")
  void aRunComesBackInTheFormInWhichTheRobotIsCommanded(Robot robot) throws IOException {
    Path recorded = record(robot);
    Path dataset = folder.resolve("dataset");
    export(robot, recorded, dataset);
    Path episodes = folder.resolve("imported");
    assertEquals(1, new LeRobotImport(dataset, robot, episodes).run(line -> {}));
    Path imported = episodes.resolve("dataset-000000.mcap");

    assertEquals(commands(robot, recorded), commands(robot, imported));
    List<EpisodeFrames.Frame> wanted = frames(robot, recorded);
    List<EpisodeFrames.Frame> found = frames(robot, imported);
    assertTrue(wanted.size() > 2 * FPS, wanted.size() + " frames");
    assertEquals(wanted.size(), found.size());
    for (int i = 0; i < wanted.size(); i++) {
      assertArrayEquals(wanted.get(i).state(), found.get(i).state(), "frame " + i);
      assertArrayEquals(wanted.get(i).action(), found.get(i).action(), "frame " + i);
    }
    for (int joint = 0; joint < robot.jointCount(); joint++) {
      assertNotEquals(
          wanted.getFirst().action()[joint],
          wanted.getLast().action()[joint],
          robot.jointNames().get(joint) + " was told to move");
    }

    Path again = folder.resolve("again");
    export(robot, imported, again);
    for (String file : List.of("data/chunk-000/file-000.parquet", "meta/stats.json")) {
      assertEquals(-1, Files.mismatch(dataset.resolve(file), again.resolve(file)), file);
    }
  }

  private Path record(Robot robot) {
    SimulatedClock clock = new SimulatedClock();
    Path recordings = folder.resolve("recorded");
    try (InProcessTransport transport = new InProcessTransport(clock);
        SimulatedArm arm = new SimulatedArm(transport, robot, false, false);
        Mind sway = Mind.sway(robot);
        RobotSession session =
            new RobotSession(
                robot, sway, transport, clock, Optional.of(RecorderSettings.lockstep(recordings)));
        LockstepDrive drive =
            new LockstepDrive(session, clock, arm, SimulatedArm.STEP_NANOS, () -> 0)) {
      session.begin(new EpisodeInfo("run", "sway", 0, robot.name(), "sway", "", Map.of()));
      session.control().engage();
      boolean _ = drive.runUntil(() -> false, 3 * SECOND);
      EpisodeOutcome outcome = EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "");
      return session.end(outcome).orElseThrow().file();
    }
  }

  private static void export(Robot robot, Path episode, Path dataset) {
    new LeRobotExport(robot, dataset, List.of(), FPS, task -> task, line -> {})
        .export(List.of(episode));
  }

  private static List<EpisodeFrames.Frame> frames(Robot robot, Path episode) {
    List<EpisodeFrames.Frame> frames = new ArrayList<>();
    EpisodeFrames.read(episode, robot, List.of(), FPS, frames::add);
    return frames;
  }

  /** What the commands of an episode look like, by topic: their type, and how long they are. */
  private static Map<String, String> commands(Robot robot, Path episode) {
    Set<String> topics =
        robot.groups().stream().map(group -> group.command().topic()).collect(Collectors.toSet());
    Map<String, String> commands = new TreeMap<>();
    try (McapReader reader = McapReader.open(episode)) {
      reader.read(
          topics,
          (channel, sequence, log, publish, payload) ->
              commands.put(
                  channel.topic(),
                  "%s of %s bytes".formatted(channel.schema().name(), payload.remaining())));
    }
    assertEquals(topics, commands.keySet());
    return commands;
  }
}
