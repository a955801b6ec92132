package dev.forearm.launch.robot;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.urdf.RobotImport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;

/** A robot as its maker describes it: the test data. */
enum Vendor {
  FR3("fr3", false, "base", "fr3_hand_tcp", 1000),
  UR5E("ur5e", true, "base_link", "tool0", 500),
  SO101("so101", true, "base_link", "gripper_frame_link", 100);

  private static final Path FOLDER = Path.of("src/test/resources/vendor");

  private final String ours;
  private final boolean hasLimits;
  private final String base;
  private final String tool;
  private final int controlHz;

  Vendor(String ours, boolean hasLimits, String base, String tool, int controlHz) {
    this.ours = ours;
    this.hasLimits = hasLimits;
    this.base = base;
    this.tool = tool;
    this.controlHz = controlHz;
  }

  /** Name of the robot file that ships. */
  String ours() {
    return ours;
  }

  Path urdf() {
    return file(".urdf");
  }

  Path file(String suffix) {
    return FOLDER.resolve(ours + suffix);
  }

  /** The robot file that an import makes. */
  Robot imported() {
    String text =
        RobotImport.text(
            urdf(),
            Optional.empty(),
            hasLimits ? Optional.of(file("_joint_limits.yaml")) : Optional.empty(),
            Optional.of(base),
            Optional.of(tool),
            controlHz);
    return RobotFile.parse(text, ours + ".yaml");
  }

  /** Joint positions within the robot's limits, in command order. */
  static double[] pose(Robot robot, SplittableRandom random) {
    return robot.joints().stream()
        .mapToDouble(joint -> random.nextDouble(joint.positionMin(), joint.positionMax()))
        .toArray();
  }
}
