package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyFilterTest {
  private static final double PERIOD = 0.002;
  private static final double ROUNDING = 1e-9;

  private final Robot robot = TabletopRobot.read();
  private final SafetyFilter filter = new SafetyFilter(robot);
  private final LimitJudge judge = new LimitJudge(robot, SwayingPolicy.ready());

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noLimitIsEverExceededWhateverTheTarget(long seed) {
    Random random = new Random(seed);
    filter.restart(SwayingPolicy.ready());
    double[] target = SwayingPolicy.ready();
    for (int cycle = 0; cycle < 4000; cycle++) {
      beHostile(random, target);
      boolean moved = filter.follow(target);
      if (!moved) {
        filter.brake();
      }
      judge.check(filter.position(), cycle);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void brakingAtAnyMomentEndsWithinAllLimits(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 20; run++) {
      filter.restart(SwayingPolicy.ready());
      LimitJudge fresh = new LimitJudge(robot, SwayingPolicy.ready());
      double[] target = SwayingPolicy.ready();
      int cycles = 1 + random.nextInt(600);
      for (int cycle = 0; cycle < cycles; cycle++) {
        beHostile(random, target);
        if (!filter.follow(target)) {
          filter.brake();
        }
        fresh.check(filter.position(), cycle);
      }
      int braking = 0;
      while (!filter.atRest()) {
        filter.brake();
        fresh.check(filter.position(), cycles + braking);
        braking++;
      }
      // The slowest joint to stop: joint 2 at 2.175 rad/s and 7.5 rad/s^2 takes 145 cycles.
      assertTrue(braking <= 146, "took " + braking + " cycles");
    }
  }

  @Test
  void pathWithinTheLimitsIsFollowedExactly() {
    double[] target = SwayingPolicy.ready();
    filter.restart(target);
    for (int cycle = 1; cycle < 3000; cycle++) {
      double t = cycle * PERIOD;
      double u = Math.min(1, t);
      double ramp = u * u * (3 - 2 * u); // starts gently
      target[0] = SwayingPolicy.ready()[0] + 0.3 * ramp * Math.sin(2 * t);
      target[3] = SwayingPolicy.ready()[3] + 0.2 * ramp * Math.sin(3 * t);
      assertTrue(filter.follow(target));
      assertArrayEquals(target, filter.position(), 1e-12);
    }
  }

  @Test
  void stepIsReachedNoFasterThanPhysicsAllowsAndNotMuchSlower() {
    Joint joint = robot.joints().get(0);
    double distance = 1.0;
    double[] target = SwayingPolicy.ready();
    filter.restart(target);
    target[0] += distance;
    int cycles = 0;
    while (Math.abs(filter.position()[0] - target[0]) > 1e-6 && cycles < 5000) {
      assertTrue(filter.follow(target));
      assertTrue(filter.position()[0] <= target[0] + ROUNDING, "overshot");
      cycles++;
    }
    double fastest = restToRest(distance, joint.velocityMax(), joint.accelerationMax());
    double gentle = restToRest(distance, joint.velocityMax(), joint.accelerationMax() / 4);
    assertTrue(cycles * PERIOD >= fastest - 2 * PERIOD, cycles + " cycles");
    assertTrue(cycles * PERIOD <= gentle, cycles + " cycles");
  }

  @Test
  void targetOutsideTheWorkspaceStopsTheToolAtTheWall() {
    SerialChain chain = new SerialChain(robot);
    double[] tool = new double[3];
    double[] target = SwayingPolicy.ready();
    filter.restart(target);
    target[1] = 1.7; // lean forward and down, through the table
    for (int cycle = 0; cycle < 3000; cycle++) {
      assertTrue(filter.follow(target));
      judge.check(filter.position(), cycle);
    }
    assertTrue(filter.fenced());
    chain.toolPosition(filter.position(), tool);
    double excess = robot.workspace().excess(tool[0], tool[1], tool[2]);
    assertTrue(excess > -0.005, "stopped " + -excess + " m short of the wall");
    assertTrue(excess <= ROUNDING);
  }

  @Test
  void notANumberMovesNothing() {
    filter.restart(SwayingPolicy.ready());
    double[] target = SwayingPolicy.ready();
    target[4] = Double.NaN;
    assertFalse(filter.follow(target));
    assertArrayEquals(SwayingPolicy.ready(), filter.position());
  }

  @Test
  void restartForgivesSensorNoiseAtALimitButNotMore() {
    double[] measured = SwayingPolicy.ready();
    measured[7] = 0.0401;
    assertTrue(filter.accepts(measured));
    filter.restart(measured);
    assertEquals(0.04, filter.position()[7]);
    measured[7] = 0.05;
    assertFalse(filter.accepts(measured));
    measured[7] = Double.NaN;
    assertFalse(filter.accepts(measured));
  }

  private static double restToRest(double distance, double velocity, double acceleration) {
    return velocity * velocity / acceleration >= distance
        ? 2 * Math.sqrt(distance / acceleration)
        : distance / velocity + velocity / acceleration;
  }

  private void beHostile(Random random, double[] target) {
    switch (random.nextInt(40)) {
      case 0 -> target[random.nextInt(8)] = Double.NaN;
      case 1 -> target[random.nextInt(8)] = Double.NEGATIVE_INFINITY;
      case 2 -> target[random.nextInt(8)] = 1e308 * (random.nextBoolean() ? 1 : -1);
      case 3, 4, 5 -> {
        for (int j = 0; j < 8; j++) {
          target[j] = 8 * (random.nextDouble() - 0.5);
        }
      }
      case 6, 7, 8, 9 -> target[random.nextInt(8)] += 0.2 * random.nextGaussian();
      case 10 -> System.arraycopy(SwayingPolicy.ready(), 0, target, 0, 8);
      default -> {} // stay there for a while
    }
  }
}
