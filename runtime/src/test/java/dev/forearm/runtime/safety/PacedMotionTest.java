package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacedMotionTest {
  private static final double ROUNDING = 1e-9;

  private final Robot robot = TabletopRobot.read();
  private final long period = robot.controlPeriodNanos();
  private final SafetyFilter filter = new SafetyFilter(robot);
  private final PacedMotion motion = new PacedMotion(filter, period);

  /** Cycles that start early, late, after stalls, or twice in a microsecond; wild targets. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void limitsHoldFromMessageToMessageAndPerElapsedTimeHoweverCyclesStart(long seed) {
    Random random = new Random(seed);
    motion.restart(SwayingPolicy.ready());
    double[] target = SwayingPolicy.ready();
    double[] last = SwayingPolicy.ready();
    double[] lastSpeed = new double[last.length];
    for (int message = 0; message < 6000; message++) {
      long elapsed = elapsed(random);
      if (random.nextInt(50) == 0) {
        for (int j = 0; j < target.length; j++) {
          target[j] = 8 * (random.nextDouble() - 0.5);
        }
      }
      if (motion.advance(elapsed) && !filter.follow(target)) {
        filter.brake();
      }
      double[] sent = motion.position();
      double seconds = Math.min(elapsed, period) * 1e-9;
      for (int j = 0; j < last.length; j++) {
        Joint joint = robot.joints().get(j);
        String where = "message %s after %s ns, %s".formatted(message, elapsed, joint.name());
        assertTrue(sent[j] >= joint.positionMin() && sent[j] <= joint.positionMax(), where);
        double travel = sent[j] - last[j];
        assertTrue(Math.abs(travel) <= joint.velocityMax() * seconds + ROUNDING * period, where);
        if (seconds > 0) {
          double speed = travel / seconds;
          double change = Math.abs(speed - lastSpeed[j]);
          double allowed = joint.accelerationMax() * period * 1e-9;
          double rounding = 1e-15 / seconds; // of the difference of two positions
          assertTrue(change <= allowed + ROUNDING + rounding, where + ": speed by " + change);
          lastSpeed[j] = speed;
        }
        last[j] = sent[j];
      }
    }
  }

  @Test
  void onASteadyClockTheFiltersOwnPathIsSent() {
    motion.restart(SwayingPolicy.ready());
    double[] target = SwayingPolicy.ready();
    for (int cycle = 0; cycle < 500; cycle++) {
      target[0] += 0.001;
      assertTrue(motion.advance(period));
      assertTrue(filter.follow(target));
      assertArrayEquals(filter.position(), motion.position());
    }
  }

  @Test
  void afterAStallTheMotionGoesOnWhereItWas() {
    motion.restart(SwayingPolicy.ready());
    double[] target = SwayingPolicy.ready();
    for (int cycle = 0; cycle < 200; cycle++) {
      target[0] += 0.002;
      motion.advance(period);
      filter.follow(target);
    }
    double before = motion.position()[0];
    double speed = filter.velocity()[0];
    target[0] += 0.5; // where a path would be after a quarter of a second
    motion.advance(250_000_000);
    filter.follow(target);
    double step = robot.joints().get(0).accelerationMax() * 0.002;
    assertTrue(motion.position()[0] - before <= 0.002 * (speed + step) + ROUNDING);
  }

  @Test
  void restMeansThatTheRestingPositionWasSent() {
    motion.restart(SwayingPolicy.ready());
    assertFalse(moves(motion));
    double[] target = SwayingPolicy.ready();
    target[0] += 0.3;
    motion.advance(period);
    filter.follow(target);
    motion.position();
    int messages = 0;
    while (!motion.atRest()) {
      if (motion.advance(period / 3)) {
        filter.brake();
      }
      motion.position();
      assertTrue(messages++ < 1000);
    }
    assertArrayEquals(filter.position(), motion.position());
    assertEquals(0, filter.velocity()[0]);
  }

  private static boolean moves(PacedMotion motion) {
    return !motion.atRest();
  }

  private long elapsed(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> random.nextInt(2000);
      case 1 -> (long) (random.nextDouble() * period);
      case 2 -> period + (long) (random.nextDouble() * period);
      case 3 -> period * random.nextInt(50);
      default -> period + (long) (random.nextGaussian() * 50_000);
    };
  }
}
