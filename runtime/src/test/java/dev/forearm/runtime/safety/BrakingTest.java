package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrakingTest {
  private static final double PERIOD = 0.002;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void distanceIsTheSumOverTheCycles(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      double speed = 3 * random.nextDouble();
      double step = 0.001 + 0.04 * random.nextDouble();
      int cycles = 1 + random.nextInt(200);
      double sum = 0;
      double v = speed;
      for (int k = 0; k < cycles; k++) {
        sum += PERIOD * v;
        v = Math.max(0, v - step);
      }
      assertEquals(sum, Braking.distance(speed, step, PERIOD, cycles), 1e-12);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5, 6})
  void speedWithinRoomUsesTheRoomUp(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      double room = Math.pow(10, -6 + 7 * random.nextDouble());
      double step = 0.001 + 0.04 * random.nextDouble();
      double speed = Braking.speedWithin(room, step, PERIOD);
      assertEquals(room, Braking.distance(speed, step, PERIOD), 1e-9 * Math.max(1, room));
    }
  }

  @Test
  void speedApproachesTheContinuousBoundFromBelow() {
    // In continuous time v^2 = 2 a s; whole cycles can only cost speed, at most one step of it.
    double acceleration = 7.5;
    for (double room = 0.001; room < 1; room *= 1.3) {
      double continuous = Math.sqrt(2 * acceleration * room);
      double speed = Braking.speedWithin(room, acceleration * PERIOD, PERIOD);
      assertTrue(speed <= continuous);
      assertTrue(speed >= continuous - acceleration * PERIOD);
    }
  }

  @Test
  void noRoomMeansNoSpeed() {
    assertEquals(0, Braking.speedWithin(0, 0.01, PERIOD));
    assertEquals(0, Braking.speedWithin(-1, 0.01, PERIOD));
  }
}
