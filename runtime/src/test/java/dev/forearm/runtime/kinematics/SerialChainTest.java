package dev.forearm.runtime.kinematics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialChainTest {
  private final Robot robot = TabletopRobot.read();
  private final SerialChain chain = new SerialChain(robot);

  @Test
  void pandaStretchedUpHasItsToolWhereItsDimensionsSay() {
    double[] pose = new double[7];
    chain.toolPose(new double[8], pose);
    // a7 = .088 forward; .333 + .316 + .384 up, flange .107 and grasp point .1034 down again
    assertArrayEquals(
        new double[] {0.088, 0, 0.333 + 0.316 + 0.384 - 0.107 - 0.1034},
        Arrays.copyOf(pose, 3),
        1e-12);
  }

  @Test
  void pandaAtItsReadyPostureLooksStraightDown() {
    double q = Math.PI / 4;
    double[] pose = new double[7];
    chain.toolPose(new double[] {0, -q, 0, -3 * q, 0, 2 * q, q, 0.04}, pose);
    // From modified DH parameters, multiplied out independently of SerialChain.
    double[] expected = ModifiedDh.toolPosition(new double[] {0, -q, 0, -3 * q, 0, 2 * q, q});
    assertArrayEquals(expected, Arrays.copyOf(pose, 3), 1e-12);
    assertArrayEquals(new double[] {0, 1, 0, 0}, Arrays.copyOfRange(pose, 3, 7), 1e-9);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void positionsAgreeWithModifiedDenavitHartenberg(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      double[] q = randomPositions(random);
      double[] point = new double[3];
      chain.toolPosition(q, point);
      assertArrayEquals(ModifiedDh.toolPosition(q), point, 1e-12);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void jacobianIsTheDerivativeOfThePose(long seed) {
    Random random = new Random(seed);
    double[] jacobian = new double[6 * 8];
    double[] before = new double[7];
    double[] after = new double[7];
    double h = 1e-6;
    for (int i = 0; i < 50; i++) {
      double[] q = randomPositions(random);
      chain.jacobian(q, jacobian);
      for (int joint = 0; joint < 8; joint++) {
        double at = q[joint];
        q[joint] = at - h;
        chain.toolPose(q, before);
        q[joint] = at + h;
        chain.toolPose(q, after);
        q[joint] = at;
        for (int row = 0; row < 3; row++) {
          assertEquals((after[row] - before[row]) / (2 * h), jacobian[row * 8 + joint], 1e-7);
        }
        double[] omega = angularVelocity(before, after, 2 * h);
        for (int row = 0; row < 3; row++) {
          assertEquals(omega[row], jacobian[(3 + row) * 8 + joint], 1e-6);
        }
      }
    }
  }

  /** Twice the vector part of after * conjugate(before), over time: small-angle limit. */
  private static double[] angularVelocity(double[] before, double[] after, double seconds) {
    double w = after[3];
    double x = after[4];
    double y = after[5];
    double z = after[6];
    double a = before[3];
    double b = -before[4];
    double c = -before[5];
    double d = -before[6];
    double real = w * a - x * b - y * c - z * d;
    double sign = Math.signum(real);
    return new double[] {
      2 * sign * (w * b + x * a + y * d - z * c) / seconds,
      2 * sign * (w * c - x * d + y * a + z * b) / seconds,
      2 * sign * (w * d + x * c - y * b + z * a) / seconds
    };
  }

  private double[] randomPositions(Random random) {
    return robot.joints().stream()
        .mapToDouble(
            j -> j.positionMin() + random.nextDouble() * (j.positionMax() - j.positionMin()))
        .toArray();
  }
}
