package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FenceTest {
  private static final double PERIOD = 0.002;
  private static final double ROUNDING = 1e-9;

  /** The table-top arm with a rail in place of fingers, at whose end the tool is. */
  private static Robot withRail(double min, double max) {
    String text =
        TabletopRobot.text()
            .replace("position: [0.0, 0.04]", "position: [%s, %s]".formatted(min, max))
            .replace(
                "{xyz: [0, 0, 0.1034], rpy_deg: [0, 0, 0]}",
                "{xyz: [0, 0, 0], rpy_deg: [0, 0, 0], joint: panda_finger_joint1, axis: [0, 0, 1]}");
    return RobotFile.parse(text, "rail.yaml");
  }

  @ParameterizedTest(name = "rail from {0} to {1}, seed {2}")
  @CsvSource({"-1.0, 0.0, 1", "0.0, 1.0, 2", "-1.0, -0.5, 3", "-0.2, 0.6, 4"})
  void theToolStaysInsideOnEveryWayThatIsAllowed(double min, double max, long seed) {
    Robot robot = withRail(min, max);
    int joints = robot.jointCount();
    double[] step = new double[joints];
    for (int j = 0; j < joints; j++) {
      step[j] = robot.joints().get(j).accelerationMax() * PERIOD;
    }
    Fence fence = new Fence(robot, PERIOD, step);
    MotionPath path = new MotionPath(robot);
    Random random = new Random(seed);
    int allowed = 0;
    int refused = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      double[] position = new double[joints];
      double[] velocity = new double[joints];
      for (int j = 0; j < joints; j++) {
        Joint joint = robot.joints().get(j);
        double span = joint.positionMax() - joint.positionMin();
        position[j] = joint.positionMin() + span * random.nextDouble();
        velocity[j] = joint.velocityMax() * (2 * random.nextDouble() - 1);
      }
      if (!inside(robot, position)) {
        continue;
      }
      path.restart(position);
      if (fence.allows(position, velocity, path)) {
        allowed++;
        assertTrue(staysInside(robot, position, velocity, step), "trial " + trial);
      } else {
        refused++;
      }
    }
    assertFalse(allowed < 50 || refused < 50, allowed + " allowed, " + refused + " refused");
  }

  /** Brakes cycle by cycle. */
  private static boolean staysInside(
      Robot robot, double[] position, double[] velocity, double[] step) {
    double[] at = position.clone();
    for (int cycles = 1; cycles < 1000; cycles++) {
      for (int j = 0; j < at.length; j++) {
        double travelled = Braking.distance(Math.abs(velocity[j]), step[j], PERIOD, cycles);
        at[j] = position[j] + Math.copySign(travelled, velocity[j]);
      }
      if (!inside(robot, at)) {
        return false;
      }
    }
    return true;
  }

  private static boolean inside(Robot robot, double[] position) {
    double[] point = new double[3];
    new SerialChain(robot).toolPosition(position, point);
    return robot.workspace().excess(point[0], point[1], point[2]) <= ROUNDING;
  }
}
