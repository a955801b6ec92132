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

  /** The same, cycling and commanded at another rate. */
  public static Robot at(int controlHz) {
    return RobotFile.parse(
        text()
            .replace("{control: 500,", "{control: " + controlHz + ",")
            .replace("rate_hz: 500", "rate_hz: " + Math.min(500, controlHz)),
        "tabletop.yaml");
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
