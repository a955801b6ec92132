package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeOutcome.Result;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimController;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockstepRunTest {
  private static final Robot ROBOT = House.robot("tabletop");

  @TempDir private Path folder;

  private record Run(List<EpisodeResult> results, String trace) {}

  @Test
  void equalSeedsGiveEqualCommandsAndOthersDoNot() {
    Run first = lift(7, 2, Optional.empty());
    Run again = lift(7, 2, Optional.empty());
    Run other = lift(8, 2, Optional.empty());

    assertEquals(first, again);
    assertNotEquals(first.trace, other.trace);
  }

  @Test
  void recordingChangesNoCommand() {
    assertEquals(lift(7, 1, Optional.empty()).trace, lift(7, 1, Optional.of(folder)).trace);
  }

  @Test
  void theExpertLiftsAndItsEpisodesAreWhole() {
    Run run = lift(3, 2, Optional.of(folder));

    for (EpisodeResult result : run.results) {
      assertTrue(result.success(), result::toString);
      EpisodeReport recording = result.recording().orElseThrow();
      assertTrue(recording.complete(), recording::toString);
      assertTrue(recording.dropped().isEmpty(), recording::toString);
      try (McapReader episode = McapReader.open(recording.file())) {
        assertEquals(
            "success", episode.metadata("forearm.outcome").get("result"), recording::toString);
        double chunks = episode.messageCount("/forearm/chunk");
        assertEquals(result.seconds() * 20, chunks, 2, "chunks at 20 Hz");
        double commands = episode.messageCount("/arm_controller/commands");
        assertEquals(result.seconds() * 500, commands, 5, "commands at 500 Hz");
      }
    }
  }

  @Test
  void anArmAndAGripperWithAControllerEachLiftAsOne() {
    Robot robot =
        RobotFile.read(Path.of("../runtime/src/test/resources/robots/arm_and_gripper.yaml"));
    SimSettings settings =
        new SimSettings(Gap.none(), Disturbance.NONE, false, SimController.of(robot));
    try (Mind expert = Mind.expert(Task.LIFT, robot);
        LockstepRun run = new LockstepRun(robot, expert, "lift", settings, Optional.of(folder))) {
      EpisodeResult result = run.play(1, 3, _ -> {}).getFirst();
      assertTrue(result.success(), result::toString);
      try (McapReader episode = McapReader.open(result.recording().orElseThrow().file())) {
        double arm = episode.messageCount("/arm_controller/commands");
        assertEquals(result.seconds() * 500, arm, 5, "commands at 500 Hz");
        double gripper = episode.messageCount("/gripper_controller/joint_trajectory");
        assertEquals(result.seconds() * 50, gripper, 2, "commands at 50 Hz");
        assertTrue(episode.messageCount("/gripper/joint_states") > 0);
      }
      List<JointMotion> motions = MotionReader.read(result.recording().orElseThrow().file(), robot);
      assertEquals(robot.jointNames(), motions.stream().map(JointMotion::joint).toList());
      JointMotion finger = motions.getLast();
      assertEquals(result.seconds() * 50, finger.commands().length, 2, "commands at 50 Hz");
      assertEquals(finger.positions().length, finger.positionNanos().length);
      double open = Arrays.stream(finger.positions()).max().orElseThrow();
      assertEquals(open, Arrays.stream(finger.commands()).max().orElseThrow(), 0.002);
    }
  }

  @Test
  void aPolicyThatSeesGetsPicturesAndEqualSeedsGiveEqualCommands() {
    Run first = look(Optional.of(folder));
    assertEquals(first.trace, look(Optional.empty()).trace);
    EpisodeResult result = first.results.getFirst();
    try (McapReader episode = McapReader.open(result.recording().orElseThrow().file())) {
      for (String topic : ROBOT.topics().images()) {
        double pictures = episode.messageCount(topic);
        assertEquals(result.seconds() * 30, pictures, 5, "pictures of " + topic);
      }
      long observations = episode.messageCount("/forearm/observation");
      assertEquals(2 * observations, episode.messageCount("/forearm/images"));
      assertTrue(observations > 0);
    }
  }

  @Test
  void nobodyDrawsForAPolicyThatSeesNothing() {
    Run run = lift(3, 1, Optional.of(folder));
    EpisodeReport recording = run.results.getFirst().recording().orElseThrow();
    try (McapReader episode = McapReader.open(recording.file())) {
      assertEquals(0, episode.messageCount(ROBOT.topics().images().getFirst()));
    }
  }

  @Test
  void anEpisodeSaysWhichRandomNumbersItsPolicyDrew() {
    try (Mind student = Mind.of(Path.of("..", "models", "bundles", "lift-sft"), ROBOT);
        LockstepRun run =
            new LockstepRun(
                ROBOT, student, "lift", SimSettings.of(Gap.none()), Optional.of(folder))) {
      List<String> seeds = new ArrayList<>();
      run.play(
          2,
          3,
          played -> {
            seeds.add(outcome(played).getOrDefault("noise_seed", "none"));
            assertEquals(Long.toString(student.policy().freeze().seed()), seeds.getLast());
          });
      assertNotEquals(seeds.getFirst(), seeds.getLast());
    }
  }

  private static Map<String, String> outcome(EpisodeResult played) {
    try (McapReader episode = McapReader.open(played.recording().orElseThrow().file())) {
      return episode.metadata("forearm.outcome");
    }
  }

  @Test
  void anEpisodeCountsWhatItsTopicsWereRefused() {
    SimulatedClock clock = new SimulatedClock();
    String wrist = ROBOT.topics().images().getLast();
    Image empty = new Image(new Header(new Time(0, 0), ""), 0, 0, "rgb8", (byte) 0, 0, new byte[0]);
    try (Mind expert = Mind.expert(Task.LIFT, ROBOT);
        InProcessTransport transport = new InProcessTransport(clock);
        RobotSession session =
            new RobotSession(
                ROBOT, expert, transport, clock, Optional.of(RecorderSettings.lockstep(folder)))) {
      Publication camera = transport.advertise(wrist, Image.TYPE, Qos.SENSOR_DATA);
      CdrWriter cdr = new CdrWriter(256);
      empty.encode(cdr);
      for (int refused = 0; refused < 3; refused++) {
        session.begin(
            new EpisodeInfo("e" + refused, "lift", 1, "tabletop", "expert", "", Map.of()));
        for (int i = 0; i < refused; i++) {
          camera.publish(cdr.segment(), cdr.length());
        }
        EpisodeReport report = session.end(EpisodeOutcome.of(Result.UNKNOWN, "")).orElseThrow();
        try (McapReader episode = McapReader.open(report.file())) {
          assertEquals(
              refused == 0 ? null : Integer.toString(refused),
              episode.metadata("forearm.outcome").get("refused:" + wrist));
        }
      }
    }
  }

  private static Run look(Optional<Path> recordTo) {
    try (Mind seer = Mind.of(Path.of("..", "models", "bundles", "lift-pixels"), ROBOT);
        LockstepRun run =
            new LockstepRun(ROBOT, seer, "lift", SimSettings.of(Gap.none()), recordTo)) {
      return new Run(run.play(1, 5, _ -> {}), run.traceSha256());
    } catch (SimFault fault) {
      return Assumptions.abort(String.valueOf(fault.getMessage()));
    }
  }

  private static Run lift(long seed, int episodes, Optional<Path> recordTo) {
    try (Mind expert = Mind.expert(Task.LIFT, ROBOT);
        LockstepRun run =
            new LockstepRun(ROBOT, expert, "lift", SimSettings.of(Gap.none()), recordTo)) {
      List<EpisodeResult> results = run.play(episodes, seed, _ -> {});
      return new Run(results, run.traceSha256());
    }
  }
}
