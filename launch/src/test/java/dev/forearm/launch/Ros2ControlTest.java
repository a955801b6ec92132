package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real controller_manager, joint_trajectory_controller and forward command controller with mock
 * hardware, looked at by the doctor and driven by {@code forearm run} over both transports. Skipped
 * where the ROS 2 that is sourced has none.
 */
@Tag("ros")
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
class Ros2ControlTest {
  private static final String TRAJECTORY = "scaled_joint_trajectory_controller";
  private static final String FORWARD = "forward_position_controller";

  @TempDir private Path folder;

  private final String carrier;
  private final Ros2Commands ros2;

  Ros2ControlTest(Carrier carrier) throws Exception {
    this.carrier = "--transport=" + carrier;
    ros2 = new Ros2Commands(carrier, "controller_manager");
  }

  @AfterEach
  void stopTheDaemon() throws Exception {
    ros2.close();
  }

  private MockedArm arm(Robot robot) throws Exception {
    Path controllers = Path.of("src/test/resources/ros2_control/ur5e.yaml").toAbsolutePath();
    return new MockedArm(ros2, robot, controllers, FORWARD, folder.resolve("manager.log"));
  }

  private String sway(String name, Robot robot) throws Exception {
    return SwayedArm.run(folder, ros2.environment(), name, robot, carrier);
  }

  /** A robot file for the same arm that is commanded otherwise. */
  private String sway(String text) throws Exception {
    Path file = folder.resolve("robot.yaml");
    Files.writeString(file, text);
    return sway(file.toString(), RobotFile.parse(text, "robot.yaml"));
  }

  private static String ur5e() throws IOException {
    return Files.readString(Path.of("src/main/resources/robots/ur5e.yaml"));
  }

  @Test
  void theDoctorFindsTheArmWellAndItFollowsByTopicActionAndTheOtherController() throws Exception {
    Robot robot = House.robot("ur5e");
    try (MockedArm _ = arm(robot)) {
      String found;
      try (Forearm doctor =
          Forearm.start(folder, ros2.environment(), "doctor", "--robot=ur5e", carrier)) {
        int _ = doctor.exitCode(); // whether states come often enough is this machine's matter
        found = doctor.output();
      }
      for (String well :
          new String[] {
            "joints of 'ur5e'",
            "[%s] active".formatted(TRAJECTORY),
            "/joint_trajectory is listened to",
            "none wider than those of robot_description",
            "every joint within its range"
          }) {
        assertTrue(found.contains(well), found);
      }

      String _ = sway("ur5e", robot);
      String _ = sway(DriverProcessTest.byGoals(ur5e()));
      String said = sway(ControllerSwitchTest.forward(ur5e()));
      assertTrue(
          said.contains("switched controllers: [%s] for [%s]".formatted(FORWARD, TRAJECTORY)),
          said);
    }
  }
}
