package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.ActionType;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Message;
import dev.forearm.ros.WithholdingTransport;
import dev.forearm.ros.action.ActionGoal;
import dev.forearm.ros.action.ActionServer;
import dev.forearm.ros.action.GoalHandler;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectory;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryGoal;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryResult;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommand;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommandGoal;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommandResult;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.SignalSlot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a command becomes a goal, and what becomes of the one before. */
class CommandGoalsTest {
  private static final String ACTION = "/gripper_controller/act";
  private static final String GRIPPER =
      "{action: %s, form: gripper, rate_hz: 2, change_min: 0.001, effort_max: 20}"
          .formatted(ACTION);
  private static final String TRAJECTORY =
      "{action: %s, form: trajectory, rate_hz: 20, change_min: 0.0001}".formatted(ACTION);
  private static final GripperCommandResult SHORT = new GripperCommandResult(0.02, 5, true, false);
  private static final long MILLI = 1_000_000;

  private final InProcessTransport transport = new InProcessTransport(new SimulatedClock());
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final LogWatch watch = new LogWatch(GoalSender.class, said);
  private long nowNanos = 5_000 * MILLI;
  private SignalSlot slot = new SignalSlot("command", 1);

  /** Keeps every goal that it takes. */
  private static final class Taking<G extends Message, R extends Message, F extends Message>
      implements GoalHandler<G, R, F> {
    final List<ActionGoal<G, R, F>> goals = new ArrayList<>();
    boolean takes = true;

    @Override
    public boolean accepts(G goal) {
      return takes;
    }

    @Override
    public void begin(ActionGoal<G, R, F> goal) {
      goals.add(goal);
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    watch.close();
    transport.close();
  }

  static Robot robot(String route) {
    try {
      String text =
          Files.readString(Path.of("../runtime/src/test/resources/robots/arm_and_gripper.yaml"));
      String trajectory =
          "{topic: /gripper_controller/joint_trajectory, form: trajectory, rate_hz: 50}";
      assertTrue(text.contains(trajectory));
      return RobotFile.parse(text.replace(trajectory, route), "arm.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CommandGoals goals(String route) {
    Robot robot = robot(route);
    slot = new SignalSlot("command", robot.jointCount());
    CommandGoals goals = CommandGoals.of(robot, slot, transport).orElseThrow();
    opened.add(goals);
    return goals;
  }

  private <G extends Message, R extends Message, F extends Message> Taking<G, R, F> serve(
      ActionType<G, R, F> type, R nothing) {
    Taking<G, R, F> handler = new Taking<>();
    opened.add(new ActionServer<>(transport, ACTION, type, handler, () -> new Time(0, 0), nothing));
    return handler;
  }

  private Taking<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> gripper() {
    return serve(GripperCommand.TYPE, SHORT);
  }

  /** Commands the finger once a millisecond. */
  private void command(CommandGoals goals, double position, int times) {
    double[] command = new double[slot.width()];
    for (int i = 0; i < times; i++) {
      command[command.length - 1] = position;
      slot.write(command, 0, nowNanos, nowNanos);
      look(goals, 1);
    }
  }

  private void ramp(CommandGoals goals, double from, double to, int steps) {
    for (int i = 1; i <= steps; i++) {
      command(goals, from + (to - from) * i / steps, 1);
    }
  }

  /** Time goes by without commands. */
  private void look(CommandGoals goals, int millis) {
    for (int i = 0; i < millis; i++) {
      nowNanos += MILLI;
      int _ = goals.doWork(nowNanos);
    }
  }

  private static double target(ActionGoal<GripperCommandGoal, ?, ?> goal) {
    return goal.goal().command().position();
  }

  @Test
  void aMotionIsOneGoalWhereItComesToRest() {
    var server = gripper();
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 100);
    assertEquals(List.of(), server.goals, "that is where it is");
    ramp(goals, 0.04, 0.01, 200);
    assertEquals(List.of(), server.goals, "it still moves");
    command(goals, 0.01, 100);
    assertEquals(1, server.goals.size());
    assertEquals(0.01, target(server.goals.getFirst()));
    assertEquals(20, server.goals.getFirst().goal().command().maxEffort());
    command(goals, 0.0105, 1000);
    assertEquals(1, server.goals.size(), "hardly another");
  }

  @Test
  void aMotionWithoutRestIsAGoalEachPeriod() {
    var server = gripper();
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 10);
    ramp(goals, 0.04, 0, 600);
    assertEquals(1, server.goals.size(), "after half a second");
    assertEquals(0.04 - 0.04 * 515 / 600, target(server.goals.getFirst()), 0.0005);
  }

  @Test
  void whatIsUnderWayIsCancelledBeforeTheNextGoal() {
    var server = gripper();
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 10);
    command(goals, 0, 100);
    var first = server.goals.getFirst();
    command(goals, 0.03, 100);
    assertTrue(first.cancelling());
    assertEquals(1, server.goals.size(), "the first is not over yet");
    first.cancelled(SHORT);
    command(goals, 0.02, 100);
    assertEquals(2, server.goals.size());
    assertEquals(0.02, target(server.goals.getLast()), "the newest counts");
    command(goals, 0.04, 1100);
    assertEquals(3, server.goals.size(), "one that does not end is waited for a second");
  }

  @Test
  void whenCommandsEndAGripperStopsAndAGripThatIsOverIsLeftAlone() {
    var server = gripper();
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 10);
    command(goals, 0, 100);
    look(goals, 200);
    assertTrue(server.goals.getFirst().cancelling());
    server.goals.getFirst().cancelled(SHORT);
    command(goals, 0.02, 100);
    assertEquals(2, server.goals.size(), "it was undone, so the same would be a goal too");
    server.goals.getLast().abort(SHORT);
    look(goals, 200);
    command(goals, 0.025, 100);
    assertEquals(2, server.goals.size(), "commands began where the fingers are");
    assertTrue(said.getLast().contains("a goal was aborted (1 so far): at 0.02, stalled"));
  }

  @Test
  void theRuntimesEndIsAnEndOfCommands() {
    var server = gripper();
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 10);
    command(goals, 0, 100);
    goals.onClose();
    assertTrue(server.goals.getFirst().cancelling());
  }

  @Test
  void aGoalThatIsRefusedIsNotRepeatedAndTold() {
    var server = gripper();
    server.takes = false;
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 10);
    command(goals, 0.01, 2000);
    assertEquals(
        List.of(
            "action %s: a goal was not accepted (1 so far): action %s: the server refuses the goal"
                .formatted(ACTION, ACTION)),
        said);
    server.takes = true;
    command(goals, 0.02, 100);
    assertEquals(0.02, target(server.goals.getFirst()));
  }

  @Test
  void withoutAServerTheNewestGoalWaits() {
    CommandGoals goals = goals(GRIPPER);
    command(goals, 0.04, 10);
    command(goals, 0.01, 1000);
    command(goals, 0.02, 1000);
    assertEquals(List.of("action " + ACTION + ": nobody takes goals; they wait"), said);
    var server = gripper();
    command(goals, 0.02, 1);
    assertEquals(0.02, target(server.goals.getFirst()));
  }

  @Test
  void aDryRunAsksNobody() {
    var server = gripper();
    Robot robot = robot(GRIPPER);
    slot = new SignalSlot("command", robot.jointCount());
    CommandGoals goals =
        CommandGoals.of(robot, slot, new WithholdingTransport(transport, Set.of(ACTION)))
            .orElseThrow();
    opened.add(goals);
    command(goals, 0.04, 10);
    command(goals, 0, 1000);
    assertEquals(List.of(), server.goals);
  }

  @Test
  void aParallelGripperIsToldItsJoint() {
    Header none = new Header(new Time(0, 0), "");
    double[] nothing = {};
    var server =
        serve(
            ParallelGripperCommand.TYPE,
            new ParallelGripperCommandResult(
                new JointState(none, List.of(), nothing, nothing, nothing), false, false));
    CommandGoals goals = goals(GRIPPER.replace("form: gripper", "form: parallel_gripper"));
    command(goals, 0.04, 10);
    command(goals, 0.01, 100);
    ParallelGripperCommandGoal goal = server.goals.getFirst().goal();
    assertEquals(List.of("panda_finger_joint1"), goal.command().name());
    assertEquals(0.01, goal.command().position()[0]);
    assertEquals(20, goal.command().effort()[0]);
  }

  @Test
  void trajectoriesReplaceEachOtherAtTheirRateAndAreDueAfterAPeriod() {
    var server =
        serve(
            FollowJointTrajectory.TYPE,
            new FollowJointTrajectoryResult(FollowJointTrajectoryResult.INVALID_GOAL, ""));
    CommandGoals goals = goals(TRAJECTORY);
    command(goals, 0.04, 10);
    ramp(goals, 0.04, 0, 1000);
    int inASecond = server.goals.size();
    assertTrue(inASecond >= 19 && inASecond <= 21, inASecond + " goals");
    assertFalse(server.goals.getFirst().cancelling(), "the server replaces it");
    FollowJointTrajectoryGoal goal = server.goals.getFirst().goal();
    JointTrajectoryPoint point = goal.trajectory().points().getFirst();
    assertEquals(new Duration(0, 50_000_000), point.timeFromStart());
    assertEquals(List.of("panda_finger_joint1"), goal.trajectory().jointNames());
    command(goals, 0, 100);
    int whole = server.goals.size();
    assertEquals(0, server.goals.getLast().goal().trajectory().points().getFirst().positions()[0]);
    command(goals, 0, 1000);
    look(goals, 200);
    assertEquals(whole, server.goals.size(), "it rests");
    assertFalse(server.goals.getLast().cancelling(), "it ends by itself");
    server
        .goals
        .getLast()
        .abort(
            new FollowJointTrajectoryResult(
                FollowJointTrajectoryResult.PATH_TOLERANCE_VIOLATED, "too far off"));
    look(goals, 1);
    assertTrue(said.getLast().contains("error -4 too far off"), said::toString);
  }
}
