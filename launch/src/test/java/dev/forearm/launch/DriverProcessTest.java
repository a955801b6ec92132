package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What drivers have besides topics of joints, played by the simulator in a process of its own, over
 * both transports. Skipped over rcl where no ROS 2 is sourced.
 */
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
final class DriverProcessTest {
  @TempDir private Path folder;

  private final Carrier carrier;
  private final Map<String, String> domain = Forearm.domain(FreeDomain.take());

  DriverProcessTest(Carrier carrier) {
    this.carrier = carrier;
  }

  @BeforeEach
  void needsTheCarrier() {
    Forearm.require(carrier);
  }

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
  void aUr5eIsDrivenByTwistsThroughAServo() throws Exception {
    String twists =
        Files.readString(Path.of("src/main/resources/robots/ur5e.yaml"))
            .replace(
                "topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500",
                "topic: /servo_node/delta_twist_cmds, form: twist, rate_hz: 100, frame: tool0");
    run(file(twists), RobotFile.parse(twists, "ur5e.yaml"));
  }

  @Test
  void aUr5eIsSwitchedToTheControllerThatItsFileWants() throws Exception {
    String ros = Objects.toString(System.getenv("AMENT_PREFIX_PATH"), "");
    assumeTrue(
        carrier == Carrier.DDS
            || Stream.of(ros.split(":"))
                .anyMatch(
                    prefix -> Files.exists(Path.of(prefix, "share", "controller_manager_msgs"))),
        "skipped: the ROS 2 that is sourced lacks controller_manager_msgs");
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
    String over = "--transport=" + carrier;
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--robot", name, over)) {
      sim.await("the robot", () -> sim.output().contains("simulating"));
      return SwayedArm.run(folder, domain, name, robot, over);
    }
  }
}
