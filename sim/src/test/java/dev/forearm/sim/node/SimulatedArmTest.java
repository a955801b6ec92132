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
import dev.forearm.ros.cdr.CdrWriter;
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
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.arm.ArmScene;
import dev.forearm.sim.ffi.MujocoData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<JointState> fingers = states("/franka_gripper/joint_states", Qos.DEFAULT);
    List<JointState> reliable = states("/franka/joint_states", Qos.DEFAULT);
    run(arm, SECOND);
    assertEquals(SECOND, fast.size());
    assertEquals(30, slow.size());
    assertEquals(14, fingers.size(), "15 Hz, in whole milliseconds");
    assertEquals(0, reliable.size(), "it is offered best effort");
    assertEquals(robot("fr3").jointNames(), fast.getFirst().name());
    assertEquals(9, slow.getFirst().name().size());
    assertEquals(List.of("fr3_finger_joint1", "fr3_finger_joint2"), fingers.getFirst().name());
    assertEquals(0.04, fingers.getFirst().position()[1]);
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
    for (int i = 0; i < there.length; i++) {
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

  private static Robot robot(String name) {
    return RobotFile.read(Path.of("../launch/src/main/resources/robots", name + ".yaml"));
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
    double[] from = positions(robot, arm);
    CommandRoute route = group.command();
    MessageType type =
        switch (route) {
          case CommandRoute.Positions _ -> Float64MultiArray.TYPE;
          case CommandRoute.Trajectory _ -> JointTrajectory.TYPE;
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
