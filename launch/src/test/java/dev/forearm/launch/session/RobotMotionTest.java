package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.models.ModelsFault;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.WithholdingTransport;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.lockstep.Physics;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.node.SimulatedArm;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each robot that ships, driven by the scripted motion for first runs, in lockstep. */
final class RobotMotionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final double MOVED_RAD = 0.1;
  private static final double MOVED_M = 0.001; // of a finger, by its action where it has one

  private final SimulatedClock clock = new SimulatedClock();
  private boolean frozen; // the robot: it neither moves nor tells

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void itMovesHoldsRecoversAndSendsNothingBeyondItsLimits(String name) {
    Robot robot = House.robot(name);
    LimitAudit audit = new LimitAudit(robot);
    try (InProcessTransport transport = new InProcessTransport(clock);
        SimulatedArm arm = new SimulatedArm(transport, robot, false, false);
        Mind sway = Mind.sway(robot);
        RobotSession session =
            new RobotSession(
                robot, sway, transport, clock, Optional.empty(), safetyOf(audit), safetyOf(audit));
        LockstepDrive drive = drive(session, arm)) {
      judgeWhatIsSent(robot, transport, audit);
      double[] start = positions(robot, arm);
      session.control().engage();
      boolean _ = drive.runUntil(() -> false, 3 * SECOND);
      assertEquals(SafetyState.RUN, state(session).state(), () -> "" + state(session).reason());
      double[] moved = positions(robot, arm);
      for (int i = 0; i < moved.length; i++) {
        assertTrue(
            Math.abs(moved[i] - start[i])
                > switch (robot.joints().get(i).unit()) {
                  case RADIAN -> MOVED_RAD;
                  case METRE -> MOVED_M;
                },
            "%s moved from %s to %s".formatted(robot.jointNames().get(i), start[i], moved[i]));
      }

      frozen = true;
      assertTrue(drive.runUntil(() -> state(session).state() == SafetyState.HOLD, SECOND));
      assertEquals(SafetyReason.JOINT_STATE_STALE, state(session).reason());
      boolean _ = drive.runUntil(() -> false, SECOND / 2);
      frozen = false;
      assertTrue(
          drive.runUntil(() -> state(session).state() == SafetyState.RUN, SECOND),
          () -> "" + state(session).reason());
      boolean _ = drive.runUntil(() -> false, 2 * SECOND);

      assertEquals(SafetyState.RUN, state(session).state());
      assertTrue(audit.commands() > 0.9 * 5.5 * SECOND / robot.controlPeriodNanos());
      assertEquals(0, audit.violations(), () -> audit.first().orElse(""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tabletop", "fr3", "ur5e", "so101"})
  void aRehearsalTakesInAllThatItSaysOfAnArmThatExistsNowhere(String name, @TempDir Path folder) {
    Robot robot = House.robot(name);
    try (InProcessTransport transport = new InProcessTransport(clock);
        Mind sway = Mind.sway(robot);
        RobotSession session =
            new RobotSession(
                robot, sway, transport, clock, Optional.of(RecorderSettings.realTime(folder)))) {
      session.rehearse(); // throws if a message was refused
      assertEquals(SafetyState.IDLE, state(session).state());
      assertTrue(
          session.bridge().subscriptions().stream().allMatch(each -> each.received() == 0),
          "the session itself has heard nothing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void aDryRunPlansAndMovesNothing(String name) {
    Robot whole = House.robot(name);
    Robot robot = whole.waiting(whole.timeouts().withPatientTracking());
    Set<String> withheld =
        robot.groups().stream().map(group -> group.command().topic()).collect(Collectors.toSet());
    try (InProcessTransport inner = new InProcessTransport(clock);
        WithholdingTransport transport = new WithholdingTransport(inner, withheld);
        SimulatedArm arm = new SimulatedArm(inner, robot, false, false);
        Mind sway = Mind.sway(robot);
        RobotSession session = new RobotSession(robot, sway, transport, clock, Optional.empty());
        LockstepDrive drive = drive(session, arm)) {
      double[] start = positions(robot, arm);
      session.control().engage();
      boolean _ = drive.runUntil(() -> false, 3 * SECOND);
      assertEquals(SafetyState.RUN, state(session).state(), () -> "" + state(session).reason());
      assertEquals(0, session.bridge().commanders(), "nobody is seen to command");
      assertTrue(transport.messages() > 2.5 * SECOND / robot.controlPeriodNanos());
      double[] end = positions(robot, arm);
      for (int i = 0; i < end.length; i++) {
        assertEquals(start[i], end[i], 1e-6);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void anotherRobotsBundleIsRefusedWithTheField(String name) {
    ModelsFault fault =
        assertThrows(
            ModelsFault.class,
            () -> Mind.of(Path.of("../models/bundles/lift-sft"), House.robot(name)));
    String said = String.valueOf(fault.getMessage());
    assertTrue(said.contains("robot name: found tabletop, wanted " + name), said);
    assertTrue(said.contains("joint order: found [panda_joint1"), said);
  }

  private LockstepDrive drive(RobotSession session, SimulatedArm arm) {
    Physics physics =
        stamp -> {
          if (!frozen) {
            arm.step(stamp);
          }
        };
    return new LockstepDrive(session, clock, physics, SimulatedArm.STEP_NANOS, () -> 0);
  }

  /** Has the messages on the arm's command topic judged, as they leave. */
  private void judgeWhatIsSent(Robot robot, RosTransport transport, LimitAudit audit) {
    JointGroup group = robot.groups().getFirst();
    int[] places = robot.places(group);
    double[] all = robot.hardware().home().stream().mapToDouble(Double::doubleValue).toArray();
    CommandRoute route = group.command();
    MessageType type =
        switch (route) {
          case CommandRoute.Positions _ -> Float64MultiArray.TYPE;
          case CommandRoute.Trajectory _ -> JointTrajectory.TYPE;
          case CommandRoute.Goals _, CommandRoute.Twist _ ->
              throw new AssertionError("no positions");
        };
    transport.subscribe(
        route.topic(),
        type,
        Qos.COMMAND,
        (cdr, receivedNanos) -> {
          double[] sent =
              switch (route) {
                case CommandRoute.Positions _ -> Float64MultiArray.decode(cdr).data();
                case CommandRoute.Trajectory _ ->
                    JointTrajectory.decode(cdr).points().getFirst().positions();
                case CommandRoute.Goals _, CommandRoute.Twist _ ->
                    throw new AssertionError("no positions");
              };
          for (int i = 0; i < places.length; i++) {
            all[places[i]] = sent[i];
          }
          audit.commanded(all, SafetyState.RUN, receivedNanos);
        });
  }

  /** What the audit cannot tell from messages: that they start over. */
  private static RuntimeTap safetyOf(LimitAudit audit) {
    return new RuntimeTap() {
      @Override
      public void safety(SafetyState state, SafetyReason reason, long nanos) {
        audit.safety(state, reason, nanos);
      }
    };
  }

  private static ControlSnapshot state(RobotSession session) {
    return session.control().board().snapshot();
  }

  private static double[] positions(Robot robot, SimulatedArm arm) {
    double[] positions = new double[robot.jointCount()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = arm.scene().jointPosition(i);
    }
    return positions;
  }
}
