package dev.forearm.runtime.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.agent.Scheduling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RobotFileTest {
  @Test
  void tabletopHasSevenJointsAndAFinger() {
    Robot robot = TabletopRobot.read();
    assertEquals(8, robot.jointCount());
    assertEquals(7, robot.jointIndex("panda_finger_joint1"));
    assertEquals(JointUnit.METRE, robot.joints().get(7).unit());
    assertEquals(2_000_000, robot.controlPeriodNanos());
    assertEquals(50_000_000, robot.policyPeriodNanos());
    assertEquals(40_000_000, robot.timeouts().jointStateNanos());
    assertEquals(0, robot.foresight().orElseThrow().skipSteps());
  }

  @Test
  void misspeltLimitIsNamedWithItsLineAndTheNearestKey() throws IOException {
    String text = tabletop().replaceFirst("velocity_max", "velocty_max");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> RobotFile.parse(text, "arm.yaml"));
    assertEquals(
        "arm.yaml:7: joints[0].velocty_max: unknown key; did you mean 'velocity_max'?",
        fault.getMessage());
  }

  @Test
  void linkOnAnUnknownJointIsRefused() throws IOException {
    String text = tabletop().replace("joint: panda_joint3", "joint: elbow");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> RobotFile.parse(text, "arm.yaml"));
    assertTrue(
        String.valueOf(fault.getMessage())
            .contains("links[2].joint: 'elbow' is not among the robot's joints"),
        fault.getMessage());
  }

  @Test
  void crossedLimitsAreRefusedWithTheJointsName() throws IOException {
    String text = tabletop().replace("[0.0, 0.04]", "[0.04, 0.0]");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> RobotFile.parse(text, "arm.yaml"));
    assertTrue(
        String.valueOf(fault.getMessage()).contains("'panda_finger_joint1'"), fault.getMessage());
  }

  @Test
  void groupsHaveTheirJointsAndRoutes() {
    Robot robot = RobotFile.read(TabletopRobot.armAndGripper());
    JointGroup arm = robot.groups().getFirst();
    JointGroup gripper = robot.groups().getLast();
    assertEquals(new CommandRoute.Positions("/arm_controller/commands", 2_000_000), arm.command());
    assertEquals(
        new CommandRoute.Trajectory("/gripper_controller/joint_trajectory", 20_000_000),
        gripper.command());
    assertArrayEquals(new int[] {7}, robot.places(gripper));
    assertEquals(40_000_000, robot.statesTimeoutNanos(gripper));
    Robot twoArms = RobotFile.read(TabletopRobot.twoArms());
    assertArrayEquals(new int[] {3, 2}, twoArms.places(twoArms.groups().getLast()));
  }

  @Test
  void anArmMayTakeTwistsOfItsTool() throws IOException {
    String file = Files.readString(TabletopRobot.armAndGripper());
    Robot robot =
        RobotFile.parse(
            file.replace(
                "{topic: /arm_controller/commands, form: positions, rate_hz: 500}",
                "{topic: /servo_node/delta_twist_cmds, form: twist, rate_hz: 50, frame: panda_grasp,"
                    + " scale: {linear: 0.4, angular: 0.8},"
                    + " correction: {gain: 2, lag_ms: 60, linear_max: 0.05, angular_max: 0.2}}"),
            "arm.yaml");
    CommandRoute twist = robot.groups().getFirst().command();
    assertEquals(
        new CommandRoute.Twist(
            "/servo_node/delta_twist_cmds",
            20_000_000,
            "panda_grasp",
            Optional.of(new TwistScale(0.4, 0.8)),
            Optional.of(new TwistCorrection(2, 60_000_000, 0.05, 0.2))),
        twist);
    assertEquals("/servo_node/delta_twist_cmds/joint_positions", twist.recordedTopic());
    assertEquals(40_000_000, twist.restNanos(), "the last motion and then none");
  }

  @Test
  void anFr3IsDrivenByATopicAndItsHandByGoals() {
    Robot robot = TabletopRobot.fr3WithHand();
    JointGroup hand = robot.groups().getLast();
    assertEquals(
        new CommandRoute.GripperGoals(
            "/franka_gripper/gripper_action",
            500_000_000,
            0.001,
            20,
            CommandRoute.GripperAction.COMMAND),
        hand.command());
    assertEquals(Optional.of("fr3_arm_controller"), robot.groups().getFirst().controller());
    assertEquals(Optional.empty(), hand.controller(), "it is no controller of ros2_control");
    assertEquals(200_000_001, robot.statesTimeoutNanos(hand), "three periods of 15 Hz");
    assertEquals(
        Optional.of(new Hardware.Controllers("/controller_manager", false, List.of())),
        robot.hardware().controllers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "joints: [panda_finger_joint1] | joints: [thumb] | 'thumb' is no joint of the robot",
        "joints: [panda_finger_joint1] | joints: [panda_joint1] | 'panda_joint1' is no joint of the"
            + " robot, or is in a group already",
        "panda_joint6, panda_joint7] | panda_joint6] | joints [panda_joint7] are in no joint group",
        "joints: [panda_finger_joint1] | joints: [] | joint group 'gripper' has no joints",
        "name: gripper | name: arm | two joint groups are called 'arm'",
        "/gripper_controller/joint_trajectory | /arm_controller/commands"
            + " | or are commanded on /arm_controller/commands",
        "rate_hz: 50} | rate_hz: 1000} | commands every 1000000 ns, but control runs every 2000000",
        "form: trajectory | form: velocities | found 'velocities', wanted positions, trajectory",
        "form: trajectory | form: twist, frame: panda_grasp | twists move the joints of the chain"
            + " to the tool, [panda_joint1, panda_joint2, panda_joint3, panda_joint4, panda_joint5,"
            + " panda_joint6, panda_joint7], found [panda_finger_joint1]",
        "form: positions | form: twist, frame: hand | found twists in frame 'hand', wanted the"
            + " chain's base_frame or tool_frame, [panda_link0, panda_grasp]",
        "form: positions | form: twist | frame: required, but missing",
        "form: positions | form: twist, frame: panda_link0, scale: {linear: 0, angular: 1}"
            + " | found a scale of 0.0 m/s and 1.0 rad/s",
        "form: positions | form: twist, frame: panda_link0,"
            + " correction: {gain: 8, lag_ms: 60, linear_max: 0.1, angular_max: 0.5}"
            + " | a correction of gain 8.0 overshoots behind a lag of 60000000 ns",
        "form: trajectory | form: gripper | found 'gripper', wanted positions, trajectory or twist on a topic",
        "topic: /gripper_controller/joint_trajectory | action: /gripper_controller/gripper_cmd"
            + " | change_min",
        "topic: /gripper_controller/joint_trajectory, form: trajectory"
            + " | action: /gripper, form: gripper, change_min: 0 | found 0.0, wanted more than 0",
        "topic: /gripper_controller/joint_trajectory, form: trajectory"
            + " | action: /gripper, form: gripper, change_min: 0.01 | effort_max",
        "topic: /gripper_controller/joint_trajectory, form: trajectory"
            + " | action: /gripper, form: positions, change_min: 0.01 | found 'positions', wanted"
            + " trajectory, gripper or parallel_gripper of an action",
        "topic: /arm_controller/commands, form: positions | action: /arm, form: gripper,"
            + " change_min: 0.01, effort_max: 5 | a gripper's goals are of one joint",
        "object_names: /object_names | joint_states: /joint_states"
            + " | topics.joint_states: unknown key; joint_groups lists the joints",
        "object_names: /object_names | command_form: positions"
            + " | topics.command_form: unknown key; joint_groups lists the joints",
      })
  void groupsThatDoNotAddUpAreRefused(String text, String changed, String said) throws IOException {
    String file = Files.readString(TabletopRobot.armAndGripper());
    assertTrue(file.contains(text), text);
    String broken = file.replace(text, changed);
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> RobotFile.parse(broken, "arm.yaml"));
    assertTrue(String.valueOf(fault.getMessage()).contains(said), fault.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 2000})
  void controlRunsAtAnyRateThatAnArmMayWant(int hertz) {
    assertEquals(1_000_000_000L / hertz, TabletopRobot.at(hertz).controlPeriodNanos());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          control: 500,    | control: 99,            | rates_hz.control: found 99.0 Hz, wanted 100 to 2000
          control: 500,    | control: 2001,          | rates_hz.control: found 2001.0 Hz, wanted 100 to 2000
          pacing: clock    | pacing: robot           | control.pacing: found 'robot', wanted clock or joint_states
          fifo_priority: 10| fifo_priority: 100      | a FIFO priority of 100, wanted 1 to 99, or 0 for none
          processors: []   | processors: [two]       | control.processors: wanted whole numbers
          processors: []   | processors: [-1]        | found processors [-1], wanted them counted from 0
          """)
  void aControlThreadThatCannotBeIsRefused(String text, String changed, String said) {
    String broken = TabletopRobot.text().replace(text, changed);
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> RobotFile.parse(broken, "arm.yaml"));
    assertTrue(String.valueOf(fault.getMessage()).contains(said), fault.getMessage());
  }

  @Test
  void theControlThreadIsAsTheFileSays() {
    assertEquals(ControlThread.DEFAULT, TabletopRobot.read().controlThread());
    String text =
        TabletopRobot.text()
            .replace("pacing: clock", "pacing: joint_states")
            .replace("fifo_priority: 10", "fifo_priority: 80")
            .replace("processors: []", "processors: [2, 3]");
    assertEquals(
        new ControlThread(Pacing.JOINT_STATES, new Scheduling(80, List.of(2, 3))),
        RobotFile.parse(text, "arm.yaml").controlThread());
  }

  @Test
  void missingFileIsSaidPlainly() {
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> RobotFile.read(Path.of("nowhere/arm.yaml")));
    assertEquals("reading nowhere/arm.yaml: there is no such file", fault.getMessage());
  }

  private static String tabletop() throws IOException {
    return Files.readString(TabletopRobot.file());
  }
}
