package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

final class OrnsteinUhlenbeckTest {
  private static final int STEPS = 200_000;

  @Test
  void eachKeepsItsStandardDeviationAndForgetsOverItsTime() {
    OrnsteinUhlenbeck noise = new OrnsteinUhlenbeck(new double[] {0.01, 0, 2}, 0.4, 0.05);
    noise.restart(7);
    double[] before = new double[STEPS];
    double squares = 0;
    double products = 0;
    for (int i = 0; i < STEPS; i++) {
      noise.step();
      before[i] = noise.value(0);
      assertEquals(0, noise.value(1));
      squares += before[i] * before[i];
      products += i < 8 ? 0 : before[i] * before[i - 8];
    }
    assertEquals(0.01, Math.sqrt(squares / STEPS), 0.0003);
    assertEquals(Math.exp(-1), products / squares, 0.03, "0.4 s on");
  }

  @Test
  void equalSeedsGiveEqualValuesFromZeroOn() {
    OrnsteinUhlenbeck noise = new OrnsteinUhlenbeck(new double[] {1}, 0.4, 0.05);
    double first = afterTen(noise, 3);
    double other = afterTen(noise, 4);
    assertEquals(first, afterTen(noise, 3));
    assertNotEquals(first, other);
  }

  private static double afterTen(OrnsteinUhlenbeck noise, long seed) {
    noise.restart(seed);
    assertEquals(0, noise.value(0));
    for (int i = 0; i < 10; i++) {
      noise.step();
    }
    return noise.value(0);
  }
}
