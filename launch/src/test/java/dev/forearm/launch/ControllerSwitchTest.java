package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.robot.ControllerManager;
import dev.forearm.ros.robot.ControllerStanding;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.node.SimulatedArm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is switched before a run, and what never is. */
final class ControllerSwitchTest {
  private static final String FORWARD = "forward_position_controller";
  private static final String SCALED = "scaled_joint_trajectory_controller";

  private final InProcessTransport transport = new InProcessTransport(new SimulatedClock());

  /** A UR5e by the controller that its driver loads and does not start. */
  static String forward(String text) {
    return text.replace(
            "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}",
            "{topic: /forward_position_controller/commands, form: positions, rate_hz: 500}")
        .replace("controller: " + SCALED, "controller: " + FORWARD)
        .replace("switch: false", "switch: true");
  }

  static Robot ur5e(UnaryOperator<String> edit) throws IOException {
    Path file = Path.of("src/main/resources/robots/ur5e.yaml");
    return RobotFile.parse(edit.apply(Files.readString(file)), "ur5e.yaml");
  }

  private List<String> active(Robot robot) {
    try (ControllerManager manager = new ControllerManager(transport, "/controller_manager")) {
      return ControllerStanding.of(robot, manager.list().join()).active();
    }
  }

  @Test
  void theWantedControllerTakesOverItsJointsWhereThatIsAskedFor() throws IOException {
    Robot robot = ur5e(ControllerSwitchTest::forward);
    try (SimulatedArm _ = new SimulatedArm(transport, robot, false, false)) {
      ControllerSwitch.apply(robot, transport, true);
      assertEquals(List.of(), active(robot), "a dry run changes nothing");
      ControllerSwitch.apply(robot, transport, false);
      assertEquals(List.of(FORWARD), active(robot));
      ControllerSwitch.apply(robot, transport, false); // nothing is left to do
    }
  }

  @Test
  void nothingIsSwitchedUnasked() throws IOException {
    Robot robot = ur5e(text -> forward(text).replace("switch: true", "switch: false"));
    try (SimulatedArm _ = new SimulatedArm(transport, robot, false, false)) {
      ControllerSwitch.apply(robot, transport, false);
      assertEquals(List.of(), active(robot));
    }
  }

  @Test
  void aControllerThatIsNotLoadedIsRefusedByName() throws IOException {
    Robot wants = ur5e(text -> forward(text).replace("controller: " + FORWARD, "controller: mine"));
    try (SimulatedArm _ = new SimulatedArm(transport, ur5e(text -> text), false, false)) {
      LaunchFailure failure =
          assertThrows(LaunchFailure.class, () -> ControllerSwitch.apply(wants, transport, false));
      assertTrue(
          String.valueOf(failure.getMessage())
              .contains("/controller_manager does not have [mine], wanted by robot 'ur5e'"),
          failure::toString);
    }
  }
}
