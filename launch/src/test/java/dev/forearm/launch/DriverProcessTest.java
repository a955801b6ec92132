package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What drivers have besides topics, played by the simulator in a process of its own, over DDS. */
@Execution(ExecutionMode.CONCURRENT)
final class DriverProcessTest {
  @TempDir private Path folder;

  private final Map<String, String> domain = Forearm.domain(FreeDomain.take());

  @Test
  void anFr3sHandIsMovedByGoalsOfItsAction() throws Exception {
    run("fr3", House.robot("fr3"));
  }

  /** A UR5e's file with goals in place of a topic. */
  static String byGoals(String text) {
    return text.replace(
        "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}",
        "{action: /scaled_joint_trajectory_controller/follow_joint_trajectory,"
            + " form: trajectory, rate_hz: 20, change_min: 0.0001}");
  }

  @Test
  void aUr5eIsDrivenByTrajectoryGoals() throws Exception {
    String goals = byGoals(Files.readString(Path.of("src/main/resources/robots/ur5e.yaml")));
    run(file(goals), RobotFile.parse(goals, "ur5e.yaml"));
  }

  @Test
  void aUr5eIsSwitchedToTheControllerThatItsFileWants() throws Exception {
    String forward =
        ControllerSwitchTest.forward(
            Files.readString(Path.of("src/main/resources/robots/ur5e.yaml")));
    String said = run(file(forward), RobotFile.parse(forward, "ur5e.yaml"));
    assertTrue(
        said.contains(
            "switched controllers: [forward_position_controller] for [scaled_joint_trajectory_controller]"),
        said);
  }

  private String file(String robot) throws IOException {
    Path file = folder.resolve("robot.yaml");
    Files.writeString(file, robot);
    return file.toString();
  }

  private String run(String name, Robot robot) throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--robot", name)) {
      sim.await("the robot", () -> sim.output().contains("simulating"));
      return SwayedArm.run(folder, domain, name, robot);
    }
  }
}
