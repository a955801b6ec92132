package dev.forearm.runtime.robot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The robot file that ships with Forearm, and those of the tests, in the source tree. */
public final class TabletopRobot {
  private TabletopRobot() {}

  public static Robot read() {
    return RobotFile.read(file());
  }

  /** As it stands there. */
  public static String text() {
    return text(file());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
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
    return file("tabletop.yaml");
  }

  private static Path file(String name) {
    String ours = "launch/src/main/resources/robots/" + name;
    Path fromModule = Path.of("..", ours);
    return Files.exists(fromModule) ? fromModule : Path.of(ours);
  }

  /** The same arm with a controller for its gripper. */
  static Path armAndGripper() {
    return Path.of("src/test/resources/robots/arm_and_gripper.yaml");
  }

  /** A Franka FR3 at 1 kHz without its hand, with all the limits that its maker states. */
  public static Robot fr3() {
    return fr3(text -> text);
  }

  /** The same with another text. */
  public static Robot fr3(UnaryOperator<String> edit) {
    return RobotFile.parse(edit.apply(withoutHand(text(file("fr3.yaml")))), "fr3.yaml");
  }

  /** As its robot file tells to. */
  private static String withoutHand(String fr3) {
    return fr3.replaceAll("  - \\{name: fr3_finger_joint1.*\n", "")
        .replaceAll("(?s)  - name: hand.*?\n\n", "\n")
        .replaceAll("(?s)branches:.*?\n\n", "")
        .replaceAll("((home|effort_max|mass_kg): .*), [^,]*\\] #", "$1] #");
  }

  static Robot fr3WithHand() {
    return RobotFile.read(file("fr3.yaml"));
  }

  /** Two small arms. */
  static Path twoArms() {
    return Path.of("src/test/resources/robots/two_arms.yaml");
  }
}
