package dev.forearm.sim.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectory;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryFeedback;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryGoal;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryResult;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Float64;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.ros.msg.trajectory_msgs.MultiDOFJointTrajectory;
import dev.forearm.ros.robot.ControllerManager;
import dev.forearm.ros.robot.ControllerStanding;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.arm.ArmScene;
import dev.forearm.sim.ffi.MujocoData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulatedArmTest {
  private static final double SETTLED = 2e-3; // rad or m
  private static final int SECOND = 1000; // steps

  private static final String LIFT =
      """
      name: lift
      joints:
        - {name: mast, unit: m, position: [0, 0.6], velocity_max: 0.5, acceleration_max: 2}
        - {name: finger, unit: m, position: [0, 0.04], velocity_max: 0.2, acceleration_max: 4}
      joint_groups:
        - name: all
          joints: [mast, finger]
          states: /joint_states
          command: {topic: /commands, form: positions, rate_hz: 100}
      chain:
        base_frame: base
        tool_frame: tool
        links:
          - {xyz: [0, 0, 0.2], rpy_deg: [0, 0, 0], joint: mast, axis: [0, 0, 1]}
          - {xyz: [0.3, 0, 0], rpy_deg: [0, 90, 0]}
      branches:
        - frame: left
          after: 2
          links:
            - {xyz: [0, 0.01, 0.05], rpy_deg: [0, 0, 0], joint: finger, axis: [0, 1, 0]}
        - frame: right
          after: 2
          links:
            - {xyz: [0, -0.01, 0.05], rpy_deg: [0, 0, 0], joint: finger, axis: [0, -1, 0], mimic: {multiplier: 2, offset: 0.01, slides: true}}
      workspace: {min_m: [-1, -1, 0], max_m: [1, 1, 1]}
      topics: {objects: /objects, object_names: /object_names}
      rates_hz: {control: 100, policy: 20}
      timeouts_ms: {joint_state: 100, observation: 250, chunk: 500, ramp_down: 2000}
      control: {blend_ms: 100}
      safety: {action_slack: 0.25, resumes_by_itself: false}
      """;

  private static final Path ROBOTS = Path.of("../launch/src/main/resources/robots");

  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    transport.close();
  }

  @Test
  void anFr3TellsItsStateAtTheControlRateAndSlowlyWithItsFingers() {
    SimulatedArm arm = arm("fr3", false);
    List<JointState> fast = states("/franka/joint_states", Qos.SENSOR_DATA);
    List<JointState> slow = states("/joint_states", Qos.DEFAULT);
    List<JointState> fingers = states("/franka_gripper/joint_states", Qos.SENSOR_DATA);
    List<JointState> reliable = states("/franka/joint_states", Qos.DEFAULT);
    run(arm, SECOND);
    assertEquals(SECOND, fast.size());
    assertEquals(30, slow.size());
    assertEquals(14, fingers.size(), "15 Hz, in whole milliseconds");
    assertEquals(0, reliable.size(), "it is offered best effort");
    assertEquals(robot("fr3").groups().getFirst().joints(), fast.getFirst().name());
    assertEquals(8, slow.getFirst().name().size());
    assertEquals(List.of("fr3_finger_joint1"), fingers.getFirst().name());
    assertEquals(0.035, fingers.getFirst().position()[0], 1e-6);
  }

  @Test
  void aUr5eTellsWhetherItsProgramRunsAndAtWhichSpeed() {
    SimulatedArm arm = arm("ur5e", false);
    List<JointState> states = states("/joint_states", Qos.DEFAULT);
    run(arm, SECOND);
    assertEquals(500, states.size());
    List<Boolean> running = new ArrayList<>();
    listen(
        "/io_and_status_controller/robot_program_running",
        Bool.TYPE,
        Qos.LATCHED,
        (cdr, _) -> running.add(Bool.decode(cdr).data()));
    assertEquals(List.of(true), running, "a late listener sees it");
    List<Double> speed = new ArrayList<>();
    listen(
        "/speed_scaling_state_broadcaster/speed_scaling",
        Float64.TYPE,
        Qos.DEFAULT,
        (cdr, _) -> speed.add(Float64.decode(cdr).data()));
    arm.obey(false);
    run(arm, SECOND);
    assertEquals(100, speed.size());
    assertEquals(0, speed.getLast());
    assertEquals(List.of(true, false), running);
    double before = arm.scene().jointPosition(0);
    command(robot("ur5e"), arm, 500, 0.2);
    assertEquals(before, arm.scene().jointPosition(0), 1e-6, "it obeys nobody");
  }

  @Test
  void anSo101TellsItsStateInItsNamespaceAtItsRate() {
    SimulatedArm arm = arm("so101", false);
    List<JointState> states = states("/follower/joint_states", Qos.DEFAULT);
    run(arm, SECOND);
    assertEquals(100, states.size());
    assertEquals(
        List.of(
            "shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"),
        states.getFirst().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void theArmStandsStillUntilItIsCommandedGoesThereAndHolds(String name) {
    Robot robot = robot(name);
    SimulatedArm arm = arm(name, false);
    double[] home = positions(robot, arm);
    long warnings = MujocoData.warnings();
    run(arm, 2 * SECOND);
    assertAll(robot, home, positions(robot, arm), 1e-6);
    command(robot, arm, SECOND, 0.15);
    double[] there = home.clone();
    for (int i : robot.places(robot.groups().getFirst())) {
      there[i] += 0.15;
    }
    assertAll(robot, there, positions(robot, arm), SETTLED);
    run(arm, 3 * SECOND);
    assertAll(robot, there, positions(robot, arm), SETTLED);
    assertEquals(warnings, MujocoData.warnings(), MujocoData::lastWarning);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void commandsThatJumpAboutMakeNoArmUnstable(String name) {
    Robot robot = robot(name);
    for (boolean plays : new boolean[] {false, true}) {
      try (ArmScene arm = new ArmScene(robot, plays)) {
        long warnings = MujocoData.warnings();
        for (int step = 0; step < 4 * SECOND; step++) {
          for (int joint = 0; joint < robot.jointCount(); joint++) {
            boolean up = (step / 150 + joint) % 2 == 0;
            double middle = robot.joints().get(joint).positionMiddle();
            arm.hold(joint, middle + (up ? 0.3 : -0.3));
          }
          arm.step();
        }
        for (int step = 0; step < 2 * SECOND; step++) {
          for (int joint = 0; joint < robot.jointCount(); joint++) {
            arm.hold(joint, robot.joints().get(joint).positionMiddle());
          }
          arm.step();
        }
        for (int joint = 0; joint < robot.jointCount(); joint++) {
          assertEquals(
              robot.joints().get(joint).positionMiddle(), arm.jointPosition(joint), SETTLED);
          assertEquals(0, arm.jointVelocity(joint), 0.02);
        }
        assertEquals(warnings, MujocoData.warnings(), MujocoData::lastWarning);
      }
    }
  }

  @Test
  void jointsHaveTheirPlayWhereItIsAskedFor() {
    try (ArmScene loose = new ArmScene(robot("so101"), true);
        ArmScene tight = new ArmScene(robot("so101"), false)) {
      int play = loose.model().positionOf("shoulder_pan_play");
      double most = 0;
      for (int step = 0; step < 2 * SECOND; step++) {
        loose.hold(0, 0.3 * Math.sin(2 * Math.PI * step / SECOND));
        loose.step();
        most = Math.max(most, Math.abs(loose.data().position(play)));
      }
      assertTrue(most > Math.toRadians(0.4), "play was taken up, found " + most);
      assertTrue(most < Math.toRadians(0.6), "found " + most);
      assertThrows(
          IllegalArgumentException.class, () -> tight.model().positionOf("shoulder_pan_play"));
    }
  }

  @Test
  void anyRobotFileIsAnArmAndWhatMimicsFollows() {
    Robot lift = RobotFile.parse(LIFT, "lift.yaml");
    try (ArmScene arm = new ArmScene(lift, false)) {
      int follower = arm.model().positionOf("finger_follower_0");
      for (int step = 0; step < SECOND; step++) {
        arm.hold(0, 0.4);
        arm.hold(1, 0.01);
        arm.step();
      }
      assertEquals(0.4, arm.jointPosition(0), SETTLED);
      assertEquals(0.01, arm.jointPosition(1), SETTLED);
      assertEquals(0.03, arm.data().position(follower), SETTLED, "2 x + 0.01");
    }
  }

  @Test
  void aJointThatMovesNothingIsNamed() {
    Robot lift = RobotFile.parse(LIFT.replaceAll("(?s)branches:.*?workspace", "workspace"), "lift");
    SimFault fault = assertThrows(SimFault.class, () -> new ArmScene(lift, false));
    assertTrue(String.valueOf(fault.getMessage()).contains("joint 'finger' moves nothing"));
  }

  @Test
  void simulatedTimeIsToldOnRequest() {
    AtomicLong ticks = new AtomicLong();
    SimulatedArm arm = new SimulatedArm(transport, robot("so101"), false, true);
    opened.add(arm);
    listen(
        SimTopics.CLOCK,
        dev.forearm.ros.msg.rosgraph_msgs.Clock.TYPE,
        Qos.DEFAULT,
        (_, _) -> ticks.incrementAndGet());
    run(arm, SECOND);
    assertEquals(100, ticks.get());
  }

  @Test
  void anFr3sHandGoesWhereTheNewestGoalSendsItAndStopsWhereItIsCancelled() {
    SimulatedArm arm = arm("fr3", false);
    int finger = robot("fr3").jointCount() - 1;
    ActionClient<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> hand =
        new ActionClient<>(transport, "/franka_gripper/gripper_action", GripperCommand.TYPE);
    opened.add(hand);
    var closing = hand.send(width(0), _ -> {}).join();
    run(arm, 50);
    assertFalse(closing.end().isDone());
    var halfway = hand.send(width(0.02), _ -> {}).join();
    run(arm, 1);
    assertEquals(GoalStatus.STATUS_ABORTED, closing.end().join().status());
    run(arm, SECOND);
    assertEquals(GoalStatus.STATUS_SUCCEEDED, halfway.end().join().status());
    assertEquals(0.02, arm.scene().jointPosition(finger), 1e-4);

    var opening = hand.send(width(0.04), _ -> {}).join();
    run(arm, 50);
    assertTrue(opening.cancel().join());
    run(arm, 200);
    assertEquals(GoalStatus.STATUS_CANCELED, opening.end().join().status());
    double stopped = arm.scene().jointPosition(finger);
    assertTrue(stopped < 0.035, "it stopped on its way, at " + stopped);
    run(arm, SECOND);
    assertEquals(stopped, arm.scene().jointPosition(finger), 1e-4);
    assertThrows(CompletionException.class, hand.send(width(Double.NaN), _ -> {})::join);
  }

  private static GripperCommandGoal width(double position) {
    return new GripperCommandGoal(new dev.forearm.ros.msg.control_msgs.GripperCommand(position, 5));
  }

  @Test
  void aTrajectoryControllerTakesGoalsTooWhereTheRobotFileHasThem() {
    String action = "/scaled_joint_trajectory_controller/follow_joint_trajectory";
    Robot robot =
        edited(
            "ur5e",
            "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}",
            "{action: %s, form: trajectory, rate_hz: 20, change_min: 0.0001}".formatted(action));
    SimulatedArm arm = new SimulatedArm(transport, robot, false, false);
    opened.add(arm);
    ActionClient<
            FollowJointTrajectoryGoal, FollowJointTrajectoryResult, FollowJointTrajectoryFeedback>
        client = new ActionClient<>(transport, action, FollowJointTrajectory.TYPE);
    opened.add(client);
    double[] to = positions(robot, arm);
    to[0] += 0.1;
    var goal = client.send(path(robot.jointNames(), to), _ -> {}).join();
    run(arm, SECOND);
    assertEquals(GoalStatus.STATUS_SUCCEEDED, goal.end().join().status());
    assertAll(robot, to, positions(robot, arm), SETTLED);
    assertThrows(
        CompletionException.class,
        client.send(path(List.of("elbow_joint"), new double[] {0}), _ -> {})::join,
        "it wants all joints");
  }

  private static FollowJointTrajectoryGoal path(List<String> joints, double[] to) {
    Header none = new Header(new Time(0, 0), "");
    double[] nothing = {};
    return new FollowJointTrajectoryGoal(
        new JointTrajectory(
            none,
            joints,
            List.of(
                new JointTrajectoryPoint(
                    to, nothing, nothing, nothing, new Duration(0, 500_000_000)))),
        new MultiDOFJointTrajectory(none, List.of(), List.of()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new Duration(0, 0));
  }

  @Test
  void aControllerObeysOnceItIsSwitchedTo() {
    Robot robot =
        edited(
            "ur5e",
            "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}\n"
                + "    controller: scaled_joint_trajectory_controller",
            "{topic: /forward_position_controller/commands, form: positions, rate_hz: 500}\n"
                + "    controller: forward_position_controller");
    SimulatedArm arm = new SimulatedArm(transport, robot, false, false);
    ControllerManager manager = new ControllerManager(transport, "/controller_manager");
    opened.addAll(List.of(arm, manager));
    double before = arm.scene().jointPosition(0);
    command(robot, arm, 500, 0.2);
    assertEquals(before, arm.scene().jointPosition(0), 1e-6, "it is inactive");

    List<String> forward = List.of("forward_position_controller");
    List<String> scaled = List.of("scaled_joint_trajectory_controller");
    assertEquals(
        new ControllerStanding(List.of(), forward, List.of(), scaled),
        ControllerStanding.of(robot, manager.list().join()));
    CompletionException refused =
        assertThrows(
            CompletionException.class, manager.change(forward, List.of())::join, "joints are held");
    assertTrue(String.valueOf(refused.getMessage()).contains("are held by 'scaled"));
    assertThrows(CompletionException.class, manager.change(List.of("nobody"), List.of())::join);
    manager.change(forward, scaled).join();
    assertEquals(
        new ControllerStanding(forward, List.of(), List.of(), List.of()),
        ControllerStanding.of(robot, manager.list().join()));
    command(robot, arm, 500, 0.2);
    assertEquals(before + 0.2, arm.scene().jointPosition(0), SETTLED);
  }

  private static Robot edited(String name, String text, String changed) {
    try {
      String file = Files.readString(ROBOTS.resolve(name + ".yaml"));
      assertTrue(file.contains(text), text);
      return RobotFile.parse(file.replace(text, changed), name + ".yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Robot robot(String name) {
    return RobotFile.read(ROBOTS.resolve(name + ".yaml"));
  }

  private SimulatedArm arm(String name, boolean plays) {
    SimulatedArm arm = new SimulatedArm(transport, robot(name), plays, false);
    opened.add(arm);
    return arm;
  }

  private List<JointState> states(String topic, Qos qos) {
    List<JointState> states = new ArrayList<>();
    listen(topic, JointState.TYPE, qos, (cdr, _) -> states.add(JointState.decode(cdr)));
    return states;
  }

  private void listen(String topic, MessageType type, Qos qos, CdrHandler handler) {
    opened.add(transport.subscribe(topic, type, qos, handler));
  }

  private void run(SimulatedArm arm, int steps) {
    for (int i = 0; i < steps; i++) {
      clock.advance(SimulatedArm.STEP_NANOS);
      arm.step(clock.nanos());
    }
  }

  /** Commands all joints from where they are, smoothly over so many steps, by {@code travel}. */
  private void command(Robot robot, SimulatedArm arm, int steps, double travel) {
    JointGroup group = robot.groups().getFirst();
    double[] from = Arrays.copyOf(positions(robot, arm), group.joints().size());
    CommandRoute route = group.command();
    MessageType type =
        switch (route) {
          case CommandRoute.Positions _ -> Float64MultiArray.TYPE;
          case CommandRoute.Trajectory _ -> JointTrajectory.TYPE;
          case CommandRoute.Goals _, CommandRoute.Twist _ ->
              throw new AssertionError("no positions");
        };
    try (Publication commands = transport.advertise(route.topic(), type, Qos.COMMAND)) {
      CdrWriter writer = new CdrWriter(1024);
      assertFalse(commands.subscribers() == 0, "nobody listens");
      for (int i = 1; i <= steps; i++) {
        double share = 0.5 - 0.5 * Math.cos(Math.PI * i / steps);
        double[] to = from.clone();
        for (int joint = 0; joint < to.length; joint++) {
          to[joint] += share * travel;
        }
        switch (route) {
          case CommandRoute.Positions _ ->
              new Float64MultiArray(new MultiArrayLayout(List.of(), 0), to).encode(writer);
          case CommandRoute.Trajectory _ ->
              new JointTrajectory(
                      new Header(new Time(0, 0), ""),
                      group.joints(),
                      List.of(
                          new JointTrajectoryPoint(
                              to,
                              new double[0],
                              new double[0],
                              new double[0],
                              new Duration(0, 1_000_000))))
                  .encode(writer);
          case CommandRoute.Goals _, CommandRoute.Twist _ ->
              throw new AssertionError("no positions");
        }
        commands.publish(writer);
        run(arm, 1);
      }
    }
    run(arm, 200);
  }

  private static double[] positions(Robot robot, SimulatedArm arm) {
    double[] positions = new double[robot.jointCount()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = arm.scene().jointPosition(i);
    }
    return positions;
  }

  private static void assertAll(Robot robot, double[] wanted, double[] found, double tolerance) {
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], found[i], tolerance, robot.jointNames().get(i));
    }
  }
}
