package dev.forearm.runtime.kinematics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolTravelTest {
  private final Robot robot = TabletopRobot.read();
  private final SerialChain chain = new SerialChain(robot);
  private final double[] travel = new double[6];

  private double[] pose(double[] positions) {
    double[] pose = new double[7];
    chain.toolPose(positions, pose);
    return pose;
  }

  private double[] posture(Random random) {
    return robot.joints().stream()
        .mapToDouble(joint ->
            joint.positionMin() + random.nextDouble() * (joint.positionMax() - joint.positionMin()))
        .toArray();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void ofASmallMotionItIsTheJacobianTimesTheJointsTravel(long seed) {
    Random random = new Random(seed);
    double[] middle = posture(random);
    double[] step = random.doubles(robot.jointCount(), -1e-4, 1e-4).toArray();
    double[] from = middle.clone();
    double[] to = middle.clone();
    for (int j = 0; j < step.length; j++) {
      from[j] -= 0.5 * step[j];
      to[j] += 0.5 * step[j];
    }
    double[] jacobian = new double[6 * step.length];
    chain.jacobian(middle, jacobian);
    double[] wanted = new double[6];
    for (int row = 0; row < 6; row++) {
      for (int j = 0; j < step.length; j++) {
        wanted[row] += jacobian[row * step.length + j] * step[j];
      }
    }
    ToolTravel.between(pose(from), pose(to), travel);
    assertArrayEquals(wanted, travel, 1e-11);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aTurnOfAnySizeIsTheShorterWayRound(long seed) {
    Random random = new Random(seed);
    double[] axis = random.doubles(3, -1, 1).toArray();
    double length = Math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    double[] from = pose(posture(random));
    for (double angle : new double[] {1e-9, 0.3, 3, 3.5}) {
      double half = 0.5 * angle;
      double w = Math.cos(half);
      double[] u = new double[3];
      for (int i = 0; i < 3; i++) {
        u[i] = axis[i] / length * Math.sin(half);
      }
      double[] to = from.clone(); // turned about the axis in the base frame
      to[3] = w * from[3] - u[0] * from[4] - u[1] * from[5] - u[2] * from[6];
      to[4] = w * from[4] + u[0] * from[3] + u[1] * from[6] - u[2] * from[5];
      to[5] = w * from[5] - u[0] * from[6] + u[1] * from[3] + u[2] * from[4];
      to[6] = w * from[6] + u[0] * from[5] - u[1] * from[4] + u[2] * from[3];
      ToolTravel.between(from, to, travel);
      double shorter = angle > Math.PI ? angle - 2 * Math.PI : angle;
      for (int i = 0; i < 3; i++) {
        assertEquals(0, travel[i]);
        assertEquals(shorter * axis[i] / length, travel[3 + i], 1e-12);
      }
    }
  }

  @Test
  void equalPosesAreNotApartAtAll() {
    Random random = new Random(7);
    for (int i = 0; i < 100; i++) {
      double[] pose = pose(posture(random));
      ToolTravel.between(pose, pose.clone(), travel);
      assertArrayEquals(new double[6], travel);
    }
  }

  @Test
  void turningToTheToolUndoesTurningToTheBase() {
    Random random = new Random(8);
    double[] told = random.doubles(6, -1, 1).toArray();
    double[] turned = told.clone();
    double[] pose = pose(posture(random));
    chain.turnToBase(turned, 0);
    chain.turnToBase(turned, 3);
    ToolTravel.turnToTool(pose, turned);
    assertArrayEquals(told, turned, 1e-12);
  }
}
