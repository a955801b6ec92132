package dev.forearm.runtime.kinematics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DampedInverseTest {
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4, 0.02
  };
  private static final double[] STRETCHED = {0, 0, 0, 0, 0, Math.PI, 0, 0.02};

  private final Robot robot = TabletopRobot.read();
  private final SerialChain chain = new SerialChain(robot);
  private final DampedInverse inverse = new DampedInverse(robot);
  private final double[] velocities = new double[8];

  @Test
  void aRegularPoseBringsTheTwistAboutExactly() {
    double[] twist = {0.1, -0.05, 0.2, 0.3, -0.2, 0.1};
    inverse.solve(READY, twist, false, velocities);
    assertEquals(0, inverse.damping());
    assertArrayEquals(twist, brought(READY), 1e-9);
    assertEquals(0, velocities[7], "the finger is not in the chain");
  }

  @Test
  void aTwistInTheToolFrameTurnsWithTheTool() {
    inverse.solve(READY, new double[] {0, 0, 0.1, 0, 0, 0.2}, true, velocities);
    assertArrayEquals(new double[] {0, 0, -0.1, 0, 0, -0.2}, brought(READY), 1e-9, "it looks down");
  }

  @Test
  void aStretchedArmDoesNotRaceToReachFurther() {
    inverse.solve(STRETCHED, new double[] {0, 0, 1, 0, 0, 0}, false, velocities);
    assertTrue(inverse.damping() > 0.05, "damping " + inverse.damping());
    assertTrue(fastest() < 5, Arrays.toString(velocities));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void velocitiesStayBoundedAndFollowThePoseWithoutAJumpThroughSingularities(long seed) {
    Random random = new Random(seed);
    double[] twist = random.doubles(6, -1, 1).toArray();
    double[] from = STRETCHED.clone();
    double[] to = STRETCHED.clone();
    for (int j = 0; j < 7; j++) {
      from[j] += 0.3 * random.nextGaussian();
      to[j] -= from[j] - to[j];
    }
    double[] before = new double[8];
    int steps = 20_000;
    for (int step = 0; step <= steps; step++) {
      double share = (double) step / steps;
      double[] pose = new double[8];
      for (int j = 0; j < 8; j++) {
        pose[j] = from[j] + share * (to[j] - from[j]);
      }
      inverse.solve(pose, twist, false, velocities);
      assertTrue(fastest() < 20, Arrays.toString(velocities));
      for (int j = 0; step > 0 && j < 8; j++) {
        assertEquals(before[j], velocities[j], 0.1, "step " + step);
      }
      before = velocities.clone();
    }
  }

  private double fastest() {
    return Arrays.stream(velocities).map(Math::abs).max().orElseThrow();
  }

  private double[] brought(double[] pose) {
    double[] jacobian = new double[48];
    chain.jacobian(pose, jacobian);
    double[] twist = new double[6];
    for (int row = 0; row < 6; row++) {
      for (int j = 0; j < 8; j++) {
        twist[row] += jacobian[8 * row + j] * velocities[j];
      }
    }
    return twist;
  }
}
