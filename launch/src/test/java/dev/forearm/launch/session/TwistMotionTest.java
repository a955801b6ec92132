package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.TabletopFile;
import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.kinematics.ToolTravel;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimController;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimulatedArm;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arms that take twists, through a servo, in lockstep: how far their tools stray. */
final class TwistMotionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String TOPIC = "/servo_node/delta_twist_cmds";
  private static final long SEED = 7;
  private static final String CORRECTION =
      ", correction: {gain: 4, lag_ms: 40, linear_max: 0.05, angular_max: 0.3}";

  private final SimulatedClock clock = new SimulatedClock();

  private static Robot ur5e(String twist) throws IOException {
    String topic =
        "topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500";
    String text = Files.readString(Path.of("src/main/resources/robots/ur5e.yaml"));
    assertTrue(text.contains(topic));
    return RobotFile.parse(
        text.replace(topic, "topic: %s, form: twist, rate_hz: 50, %s".formatted(TOPIC, twist)),
        "ur5e.yaml");
  }

  /** How far the tool was from where it was commanded to be, at most and in the end. */
  private record Strayed(double mostM, double lastM, double lastRad, SafetyState state) {}

  /** Sways every joint, and then holds. */
  private Strayed sway(Robot robot, double lost, int seconds) {
    SerialChain chain = new SerialChain(robot);
    double[] commanded = new double[7];
    double[] is = new double[7];
    double[] apart = new double[6];
    double[] most = new double[1];
    double[] positions = new double[robot.jointCount()];
    try (InProcessTransport inner = new InProcessTransport(clock);
        LossyTransport transport = new LossyTransport(inner, lost);
        SimulatedArm arm = new SimulatedArm(inner, robot, false, false);
        Mind sway = Mind.sway(robot);
        RobotSession session =
            new RobotSession(
                robot,
                sway,
                transport,
                clock,
                Optional.empty(),
                new RuntimeTap() {
                  @Override
                  public void commanded(double[] sent, SafetyState state, long nanos) {
                    for (int j = 0; j < positions.length; j++) {
                      positions[j] = arm.scene().jointPosition(j);
                    }
                    chain.toolPose(sent, commanded);
                    chain.toolPose(positions, is);
                    ToolTravel.between(is, commanded, apart);
                    most[0] = Math.max(most[0], linear(apart));
                  }
                },
                RuntimeTap.NONE);
        LockstepDrive drive =
            new LockstepDrive(session, clock, arm, SimulatedArm.STEP_NANOS, () -> 0)) {
      session.control().engage();
      boolean _ = drive.runUntil(() -> false, seconds * SECOND);
      SafetyState state = session.control().board().snapshot().state();
      session.control().disengage();
      boolean _ =
          drive.runUntil(
              () -> !session.control().board().snapshot().state().commands(), 3 * SECOND);
      double lastRad = Math.sqrt(apart[3] * apart[3] + apart[4] * apart[4] + apart[5] * apart[5]);
      return new Strayed(most[0], linear(apart), lastRad, state);
    }
  }

  private static double linear(double[] apart) {
    return Math.sqrt(apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frame: base_link",
        "frame: tool0",
        "frame: tool0, scale: {linear: 0.8, angular: 1.6}",
        "frame: tool0" + CORRECTION,
      })
  void aUr5eFollowsAndEndsWhereItIsCommandedToBe(String twist) throws IOException {
    Strayed strayed = sway(ur5e(twist), 0, 12);
    assertEquals(SafetyState.RUN, strayed.state());
    assertTrue(strayed.mostM() < 0.01, strayed::toString);
    assertTrue(strayed.lastM() < 0.002, strayed::toString);
    assertTrue(strayed.lastRad() < 0.005, strayed::toString);
  }

  @Test
  void whatIsLostAddsUpUnlessItIsCorrected() throws IOException {
    Strayed strayed = sway(ur5e("frame: tool0"), 0.1, 60);
    Strayed corrected = sway(ur5e("frame: tool0" + CORRECTION), 0.1, 60);
    assertTrue(strayed.lastM() > 0.001, strayed::toString);
    assertTrue(corrected.lastM() < 0.0005, corrected::toString);
    assertTrue(corrected.lastRad() < 0.2 * strayed.lastRad(), strayed + " " + corrected);
  }

  /** A chain of seven joints and a gripper with a controller of its own. */
  private static Robot tabletop(String twist) {
    String joint = "      - panda_finger_joint1\n";
    String command = "command: {topic: /arm_controller/commands, form: positions, rate_hz: 500}";
    String text = TabletopFile.text();
    assertTrue(text.contains(joint) && text.contains(command));
    return RobotFile.parse(
        text.replace(joint, "")
            .replace(
                command,
                """
                command: {topic: %s, form: twist, rate_hz: 50, %s}
                  - name: gripper
                    joints: [panda_finger_joint1]
                    states: /gripper/joint_states
                    command: {topic: /gripper_controller/commands, form: positions, rate_hz: 500}\
                """
                    .formatted(TOPIC, twist)),
        "tabletop.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"frame: panda_grasp", "frame: panda_grasp" + CORRECTION})
  void theExpertLiftsThroughAServo(String twist) {
    Robot robot = tabletop(twist);
    SimSettings settings =
        new SimSettings(Gap.none(), Disturbance.NONE, false, SimController.of(robot));
    try (Mind expert = Mind.expert(Task.LIFT, robot);
        LockstepRun run = new LockstepRun(robot, expert, "lift", settings, Optional.empty())) {
      List<EpisodeResult> results = run.play(5, 77, _ -> {});
      long lifted = results.stream().filter(EpisodeResult::success).count();
      assertEquals(5, lifted, results::toString);
    }
  }

  /** Loses a share of the twists. */
  private record LossyTransport(RosTransport inner, double lost) implements RosTransport {
    @Override
    public Publication advertise(String topic, MessageType type, Qos qos) {
      Publication all = inner.advertise(topic, type, qos);
      return topic.equals(TOPIC) ? new Lossy(all) : all;
    }

    @Override
    public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
      return inner.subscribe(topic, type, qos, handler);
    }

    @Override
    public String description() {
      return "lossy";
    }

    @Override
    public void close() {
      inner.close();
    }

    private final class Lossy implements Publication {
      private final Publication all;
      private final SplittableRandom random = new SplittableRandom(SEED);

      Lossy(Publication all) {
        this.all = all;
      }

      @Override
      public String topic() {
        return all.topic();
      }

      @Override
      public MessageType type() {
        return all.type();
      }

      @Override
      public void publish(MemorySegment cdr, long length) {
        if (random.nextDouble() >= lost) {
          all.publish(cdr, length);
        }
      }

      @Override
      public int subscribers() {
        return all.subscribers();
      }

      @Override
      public void close() {
        all.close();
      }
    }
  }
}
