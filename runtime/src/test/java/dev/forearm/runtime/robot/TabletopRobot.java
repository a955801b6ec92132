package dev.forearm.runtime.robot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The robot file that ships with Forearm, and those of the tests, in the source tree. */
public final class TabletopRobot {
  private TabletopRobot() {}

  public static Robot read() {
    return RobotFile.read(file());
  }

  /** As it stands there. */
  public static String text() {
    try {
      return Files.readString(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file() {
    Path fromModule = Path.of("../launch/src/main/resources/robots/tabletop.yaml");
    return Files.exists(fromModule)
        ? fromModule
        : Path.of("launch/src/main/resources/robots/tabletop.yaml");
  }

  /** The same arm with a controller for its gripper. */
  static Path armAndGripper() {
    return Path.of("src/test/resources/robots/arm_and_gripper.yaml");
  }

  /** Two small arms. */
  static Path twoArms() {
    return Path.of("src/test/resources/robots/two_arms.yaml");
  }
}
