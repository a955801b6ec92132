package dev.forearm.launch.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.doctor.Finding.State;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.controller_manager_msgs.ControllerState;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.robot.ControllerManager;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.node.SimulatedArm;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor says of simulated robots, healthy and otherwise, on topics in process. */
final class RobotChecksTest {
  private static final Path FILES = Path.of("src/main/resources/robots");
  private static final Path VENDOR = Path.of("src/test/resources/vendor");
  private static final int SECOND = 1000; // steps

  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final InProcessTransport other = new InProcessTransport(clock);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private long stampLagNanos;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fr3", "ur5e", "so101"})
  void aHealthyRobotHasNothingMissing(java.lang.String name) throws IOException {
    describe(Files.readString(VENDOR.resolve(name + ".urdf")));
    SimulatedArm arm = arm(name);
    List<Finding> findings = look(House.robot(name), arm);
    assertEquals(
        List.of(),
        findings.stream().filter(f -> f.state() != State.OK).map(Finding::toJson).toList());
    assertTrue(find(findings, "joint states").found().contains("Hz"));
    assertTrue(find(findings, "limits").found().contains("none wider"));
  }

  @Test
  void nothingOnAnyTopicIsSaidWithTheRemedy() {
    List<Finding> findings = look(House.robot("ur5e"), null);
    assertEquals(State.MISSING, find(findings, "robot").state());
    assertTrue(find(findings, "robot").remedy().contains("ROS_DOMAIN_ID"));
    assertEquals(State.MISSING, find(findings, "joint states").state());
    assertEquals(State.MISSING, find(findings, "controller").state());
    assertEquals(State.MISSING, find(findings, "program").state());
  }

  @Test
  void anotherRobotIsRecognisedByItsJoints() {
    Finding robot = find(look(House.robot("ur5e"), arm("so101")), "robot");
    assertEquals(State.MISSING, robot.state());
    assertTrue(robot.found().contains("no [shoulder_pan_joint"), robot.found());
    assertTrue(robot.remedy().contains("use --robot so101"), robot.remedy());
  }

  @Test
  void anFr3OnItsSlowTopicIsToldOfTheFastOne() {
    Robot slow = edited("fr3", text -> text.replace("/franka/joint_states", "/joint_states"));
    Finding states = find(look(slow, arm("fr3")), "joint states");
    assertEquals(State.MISSING, states.state());
    assertTrue(states.found().contains("/joint_states: 30.3 Hz"), states.found());
    assertTrue(states.remedy().contains("use states: /franka/joint_states"), states.remedy());
  }

  @Test
  void aControllerThatDoesNotListenIsMissedAndOthersAreNamed() {
    Robot forward =
        edited(
            "ur5e",
            text ->
                text.replace(
                    "topic: /scaled_joint_trajectory_controller/joint_trajectory",
                    "topic: /joint_trajectory_controller/joint_trajectory"));
    Finding controller = find(look(forward, arm("ur5e")), "controller");
    assertEquals(State.MISSING, controller.state());
    assertTrue(
        controller
            .found()
            .contains("but to [/scaled_joint_trajectory_controller/joint_trajectory]"),
        controller.found());
    assertTrue(
        controller
            .remedy()
            .contains("ros2 control set_controller_state joint_trajectory_controller active"),
        controller.remedy());
  }

  @Test
  void whichControllersAreActiveIsAskedAndSaid() {
    assertEquals(
        "[scaled_joint_trajectory_controller] active",
        find(look(House.robot("ur5e"), arm("ur5e")), "controllers").found());
    Robot forward = edited("ur5e", RobotChecksTest::forward);
    SimulatedArm arm = new SimulatedArm(other, forward, false, false);
    opened.add(arm);
    Finding inactive = find(look(forward, other, arm), "controllers");
    assertEquals(State.MISSING, inactive.state());
    assertTrue(
        inactive
            .remedy()
            .contains(
                "--activate forward_position_controller --deactivate scaled_joint_trajectory_controller"),
        inactive.remedy());
    Robot switching =
        edited("ur5e", text -> forward(text).replace("switch: false", "switch: true"));
    Finding asked = find(look(switching, other, arm), "controllers");
    assertEquals(State.OK, asked.state());
    assertTrue(asked.found().contains("'run' will switch"), asked.found());
    Robot absent = edited("ur5e", text -> text.replace("controller: scaled_", "controller: my_"));
    Finding missing = find(look(absent, other, arm), "controllers");
    assertEquals(State.MISSING, missing.state());
    assertTrue(
        missing.found().contains("does not have [my_joint_trajectory_controller]"),
        missing.found());
  }

  @Test
  void aControllerThatTheDriverActivatesMeanwhileIsActive() {
    Robot forward = edited("ur5e", RobotChecksTest::forward);
    opened.add(new SimulatedArm(transport, forward, false, false));
    try (RobotLook look = new RobotLook(forward, transport);
        ControllerManager driver = new ControllerManager(transport, "/controller_manager")) {
      assertTrue(look.controllers().orElseThrow().stream().noneMatch(RobotChecksTest::forwards));
      driver
          .change(
              List.of("forward_position_controller"), List.of("scaled_joint_trajectory_controller"))
          .join();
      look.discover();
      assertTrue(look.controllers().orElseThrow().stream().anyMatch(RobotChecksTest::forwards));
    }
  }

  private static boolean forwards(ControllerState state) {
    return state.name().equals("forward_position_controller") && state.state().equals("active");
  }

  private static java.lang.String forward(java.lang.String text) {
    return text.replace(
            "topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory",
            "topic: /forward_position_controller/commands, form: positions")
        .replace("controller: scaled_joint", "controller: forward_position_controller #");
  }

  @Test
  void aControllerManagerThatIsNotThereIsSaidToBe() {
    Finding silent = find(look(House.robot("so101"), null), "controllers");
    assertEquals(State.LESS, silent.state());
    assertTrue(silent.found().contains("no answer of /follower/controller_manager"));
  }

  @Test
  void aStateThatComesWhileTheDoctorThinksIsNotFromTheFuture() {
    Robot robot = House.robot("ur5e");
    SimulatedArm arm = arm("ur5e");
    try (RobotLook look = new RobotLook(robot, transport)) {
      for (int i = 0; i < SECOND; i++) {
        clock.advance(SimulatedArm.STEP_NANOS);
        arm.step(clock.nanos());
      }
      List<Finding> findings = new RobotChecks(robot, look, clock.nanos() - 50_000_000, 0).all();
      assertTrue(find(findings, "joint states").found().contains("the newest 0.0 ms old"));
    }
  }

  @Test
  void aControllerManagerWhoseMessagesAreOthersIsToldOfWithTheReason() {
    RosTransport without =
        (RosTransport)
            Proxy.newProxyInstance(
                RosTransport.class.getClassLoader(),
                new Class<?>[] {RosTransport.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("client")) {
                    throw new RosFault("defined otherwise");
                  }
                  return method.invoke(transport, arguments);
                });
    Finding unknown = find(look(House.robot("ur5e"), without, arm("ur5e")), "controllers");
    assertEquals(State.LESS, unknown.state());
    assertTrue(unknown.found().contains("not known: defined otherwise"), unknown.found());
  }

  @Test
  void aGripperWhoseActionNobodyServesStaysWhereItIs() {
    Robot robot = edited("fr3", text -> text.replace("gripper_action, form", "other_action, form"));
    List<Finding> findings = look(robot, arm("fr3"));
    assertTrue(
        findings.stream()
            .anyMatch(f ->
                f.state() == State.LESS
                    && f.found().contains("goals of the action /franka_gripper/other_action")));
  }

  @Test
  void whoeverElseCommandsIsCounted() {
    SimulatedArm arm = arm("ur5e");
    JointGroup group = House.robot("ur5e").groups().getFirst();
    opened.add(transport.advertise(group.command().topic(), JointTrajectory.TYPE, Qos.COMMAND));
    Finding commanders = find(look(House.robot("ur5e"), arm), "other commanders");
    assertEquals(State.MISSING, commanders.state());
    assertTrue(commanders.found().startsWith("1 publish on"), commanders.found());
  }

  @Test
  void aProgramThatDoesNotRunAndASpeedBelowFullAreTold() {
    SimulatedArm arm = arm("ur5e");
    arm.obey(false);
    List<Finding> findings = look(House.robot("ur5e"), arm);
    assertEquals(State.MISSING, find(findings, "program").state());
    assertTrue(find(findings, "program").remedy().contains("resend_robot_program"));
    assertEquals(State.LESS, find(findings, "speed").state());
    assertTrue(find(findings, "speed").found().startsWith("0.0 %"));
  }

  @Test
  void aProgramOfWhichNothingIsSaidHasNotRunAndAMockHasNone() {
    Robot robot =
        edited(
            "ur5e",
            text ->
                text.replace(
                    "/io_and_status_controller/robot_program_running", "/program_running"));
    SimulatedArm arm = arm("ur5e");
    assertTrue(find(look(robot, arm), "program").remedy().startsWith("start the driver's"));
    opened.add(transport.advertise("/program_running", Bool.TYPE, Qos.LATCHED));
    assertTrue(find(look(robot, arm), "program").remedy().startsWith("press play"));
    describe("<plugin>mock_components/GenericSystem</plugin>");
    assertEquals(State.OK, find(look(robot, arm), "program").state());
  }

  @Test
  void limitsWiderThanTheDriversAreNamed() throws IOException {
    describe(
        Files.readString(VENDOR.resolve("ur5e.urdf"))
            .replace("velocity=\"3.141592653589793\"", "velocity=\"1.5\"")
            .replace("upper=\"3.141592653589793\"", "upper=\"2.5\""));
    Finding limits = find(look(House.robot("ur5e"), arm("ur5e")), "limits");
    assertEquals(State.MISSING, limits.state());
    assertTrue(
        limits
            .found()
            .contains("wrist_3_joint: velocity_max 3.141592653589793 exceeds the driver's 1.5"),
        limits.found());
    assertTrue(limits.found().contains("elbow_joint: position"), limits.found());
  }

  @Test
  void withoutADescriptionLimitsAreComparedWithNothing() {
    assertEquals(State.LESS, find(look(House.robot("so101"), arm("so101")), "limits").state());
  }

  @Test
  void clocksThatAreApartAreTold() {
    stampLagNanos = 300_000_000;
    Finding clocks = find(look(House.robot("so101"), arm("so101")), "clock");
    assertEquals(State.LESS, clocks.state());
    assertTrue(clocks.found().contains("stamped 300.0 ms before it comes"), clocks.found());
  }

  @Test
  void positionsInDegreesAreRecognised() {
    Robot robot = House.robot("so101");
    Publication states =
        transport.advertise("/follower/joint_states", JointState.TYPE, Qos.DEFAULT);
    opened.add(states);
    double[] degrees = new double[robot.jointCount()];
    Arrays.fill(degrees, 45);
    try (RobotLook look = new RobotLook(robot, transport)) {
      for (int i = 0; i < 300; i++) {
        clock.advance(10_000_000);
        publish(
            states,
            new JointState(
                new Header(new Time(0, 0), ""),
                robot.jointNames(),
                degrees,
                new double[0],
                new double[0]));
      }
      List<Finding> findings = new RobotChecks(robot, look, clock.nanos(), 0).all();
      Finding units = find(findings, "units");
      assertEquals(State.MISSING, units.state());
      assertTrue(units.remedy().contains("look like degrees"), units.remedy());
      assertTrue(find(findings, "joint states").found().contains("without velocities"));
      assertEquals(State.LESS, find(findings, "clock").state(), "nothing is stamped");
    }
  }

  @Test
  void aGripperIsAnActionOrAJoint() {
    Finding fr3 = find(look(House.robot("fr3"), arm("fr3")), "gripper");
    assertTrue(fr3.found().contains("/franka_gripper/gripper_action"), fr3.found());
  }

  @Test
  void aGripperThatIsAJointIsToldInItsPolicysUnit() {
    Finding so101 = find(look(House.robot("so101"), arm("so101")), "gripper");
    assertTrue(so101.found().contains("joint 'gripper', 35.1 % open"), so101.found());
  }

  private List<Finding> look(Robot robot, @Nullable SimulatedArm arm) {
    return look(robot, transport, arm);
  }

  private List<Finding> look(Robot robot, RosTransport where, @Nullable SimulatedArm arm) {
    try (RobotLook look = new RobotLook(robot, where)) {
      for (int i = 0; i < 2 * SECOND; i++) {
        clock.advance(SimulatedArm.STEP_NANOS);
        if (arm != null) {
          arm.step(clock.nanos() - stampLagNanos);
        }
        if (i == SECOND) {
          look.discover();
        }
      }
      return new RobotChecks(robot, look, clock.nanos(), 0).all();
    }
  }

  private SimulatedArm arm(java.lang.String name) {
    SimulatedArm arm = new SimulatedArm(transport, House.robot(name), false, false);
    opened.add(arm);
    return arm;
  }

  /** As robot_state_publisher does. */
  private void describe(java.lang.String urdf) {
    Publication description = transport.advertise("/robot_description", String.TYPE, Qos.LATCHED);
    opened.add(description);
    publish(description, new String(urdf));
  }

  private static void publish(Publication publication, Message message) {
    CdrWriter writer = new CdrWriter(1 << 16);
    message.encode(writer);
    publication.publish(writer);
  }

  private static Robot edited(java.lang.String name, UnaryOperator<java.lang.String> edit) {
    try {
      java.lang.String text = Files.readString(FILES.resolve(name + ".yaml"));
      java.lang.String changed = edit.apply(text);
      assertTrue(!changed.equals(text));
      return RobotFile.parse(changed, name + ".yaml");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Finding find(List<Finding> findings, java.lang.String subject) {
    return findings.stream().filter(f -> f.subject().equals(subject)).findFirst().orElseThrow();
  }
}
