package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
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

  @Test
  void aUr5eIsDrivenByTrajectoryGoals() throws Exception {
    String goals =
        Files.readString(Path.of("src/main/resources/robots/ur5e.yaml"))
            .replace(
                "{topic: /scaled_joint_trajectory_controller/joint_trajectory, form: trajectory, rate_hz: 500}",
                "{action: /scaled_joint_trajectory_controller/follow_joint_trajectory,"
                    + " form: trajectory, rate_hz: 20, change_min: 0.0001}");
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

  /** Sways every joint; what it was commanded and where it was are of the recording. */
  private String run(String name, Robot robot) throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--robot", name)) {
      sim.await("the robot", () -> sim.output().contains("simulating"));
      String said;
      try (Forearm run =
          Forearm.start(
              folder, domain, "run", "--robot", name, "--bundle=sway", "--out=.", "--seconds=6")) {
        int _ = run.exitCode(); // how it ends depends on how fast this machine is
        said = run.output();
      }
      List<Path> files;
      try (Stream<Path> all = Files.list(folder)) {
        files = all.filter(file -> file.toString().endsWith(".mcap")).toList();
      }
      assertEquals(1, files.size(), files::toString);
      for (JointMotion motion : MotionReader.read(files.getFirst(), robot)) {
        double commanded = travel(motion.commands());
        assertTrue(commanded > 0, () -> motion.joint() + " was not commanded; " + said);
        assertTrue(
            travel(motion.positions()) > 0.5 * commanded,
            () -> motion.joint() + " did not follow; " + said);
      }
      return said;
    }
  }

  private static double travel(double[] positions) {
    DoubleSummaryStatistics all = DoubleStream.of(positions).summaryStatistics();
    return all.getMax() - all.getMin();
  }
}
