package dev.forearm.runtime.robot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
    assertTrue(robot.foresight().isEmpty());
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
  void missingFileIsSaidPlainly() {
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> RobotFile.read(Path.of("nowhere/arm.yaml")));
    assertEquals("reading nowhere/arm.yaml: there is no such file", fault.getMessage());
  }

  private static String tabletop() throws IOException {
    return Files.readString(TabletopRobot.file());
  }
}
