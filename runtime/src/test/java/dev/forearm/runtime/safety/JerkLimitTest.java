package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.robot.VelocityTaper;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a Franka FR3: 10 rad/s^2, 5,000 rad/s^3, and speeds that taper. */
class JerkLimitTest {
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4
  };
  private static final long PERIOD = 1_000_000;

  private final Robot robot = TabletopRobot.fr3();
  private final SafetyFilter filter = new SafetyFilter(robot);
  private final PacedMotion motion = new PacedMotion(filter, PERIOD);
  private final LimitAudit audit = new LimitAudit(robot);
  private long now;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyMessageKeepsEveryLimitWhateverTheTarget(long seed) {
    Random random = new Random(seed);
    double[] target = READY.clone();
    motion.restart(READY);
    double[] last = READY.clone();
    for (int cycle = 0; cycle < 6000; cycle++) {
      beHostile(random, target);
      send(PERIOD, target);
      double[] sent = motion.position();
      for (int j = 0; j < sent.length; j++) { // on a steady clock where the joint is, too
        VelocityTaper taper = robot.joints().get(j).taper().orElseThrow();
        double speed = (sent[j] - last[j]) / (PERIOD * 1e-9);
        assertTrue(speed <= taper.upwards(sent[j]) + 1e-9, "cycle " + cycle + ", joint " + j);
        assertTrue(-speed <= taper.downwards(sent[j]) + 1e-9, "cycle " + cycle + ", joint " + j);
        last[j] = sent[j];
      }
      assertTrue(speedsAreKept(), "cycle " + cycle);
    }
    requireKept();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void everyMessageKeepsEveryLimitHoweverCyclesStart(long seed) {
    Random random = new Random(seed);
    double[] target = READY.clone();
    motion.restart(READY);
    for (int message = 0; message < 8000; message++) {
      beHostile(random, target);
      send(elapsed(random), target);
    }
    requireKept();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24})
  void brakingFromAnyStateEndsAtRestWithinAllLimits(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 30; run++) {
      motion.restart(READY);
      audit.safety(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
      double[] target = READY.clone();
      int cycles = 1 + random.nextInt(900);
      for (int cycle = 0; cycle < cycles; cycle++) {
        beHostile(random, target);
        send(PERIOD, target);
      }
      double fastest = Arrays.stream(filter.velocity()).map(Math::abs).max().orElseThrow();
      int braking = 0;
      while (!motion.atRest()) {
        assertTrue(motion.advance(PERIOD));
        filter.brake();
        tell(PERIOD);
        braking++;
      }
      // 4 ms of jerk, and the two cycles that the spline spans.
      assertTrue(braking <= Math.ceil(fastest / 0.01) + 4 + 2, braking + " cycles");
      double[] rest = motion.position().clone();
      assertArrayEquals(rest, filter.position());
    }
    requireKept();
  }

  @Test
  void everyJointReachesItsEndsAndNoFurtherThanItsTaper() {
    for (int j = 0; j < 7; j++) {
      for (double end : new double[] {-10, 10}) {
        motion.restart(READY);
        audit.safety(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
        double[] target = READY.clone();
        target[j] = end;
        for (int cycle = 0; cycle < 8000; cycle++) {
          send(PERIOD, target);
        }
        Joint joint = robot.joints().get(j);
        VelocityTaper taper = joint.taper().orElseThrow();
        double reached =
            end < 0
                ? Math.max(joint.positionMin(), taper.stopMin())
                : Math.min(joint.positionMax(), taper.stopMax());
        if (!filter.fenced()) { // the workspace box comes first for some
          assertEquals(reached, motion.position()[j], 1e-6, joint.name());
        }
      }
    }
    requireKept();
  }

  @Test
  void pathWithinTheLimitsIsFollowedAndOnlyLater() {
    motion.restart(READY);
    double[] target = READY.clone();
    double delay = filter.delayNanos() * 1e-9;
    assertEquals(2.5e-3, delay, 1e-12);
    for (int cycle = 1; cycle < 3000; cycle++) {
      double t = cycle * 1e-3;
      target[0] = READY[0] + gentle(t);
      send(PERIOD, target);
      assertEquals(READY[0] + gentle(t - delay), motion.position()[0], 5e-6);
    }
    requireKept();
  }

  @Test
  void restIsExact() {
    motion.restart(READY);
    double[] target = READY.clone();
    target[0] += 0.1;
    for (int cycle = 0; cycle < 2000; cycle++) {
      send(PERIOD, target);
    }
    assertTrue(motion.atRest());
    assertArrayEquals(filter.position(), motion.position());
  }

  @ParameterizedTest(name = "{0} rad/s^2, {1} rad/s^3, tapering by {2} from {3}, seed {4}")
  @CsvSource({
    "10, 5000, 6, 0.3, 31",
    "10, 200, 17, 0.35, 32", // averaged over 100 ms
    "4, 1000, 17, 0.35, 33", // tapers four times as fast as it brakes
    "20, 50000, 2, 0, 34",
    "10, 9000, 10, 1, 35"
  })
  void anyJointKeepsEveryLimit(
      double acceleration, double jerk, double deceleration, double offset, long seed) {
    Robot arm =
        TabletopRobot.fr3(text ->
            text.replaceFirst(
                "\\{name: fr3_joint1, .*\n",
                ("{name: fr3_joint1, unit: rad, position: [-0.5, 0.7], velocity_max: 3,"
                        + " acceleration_max: %s, jerk_max: %s, velocity_taper:"
                        + " {offset: %s, deceleration: %s, position: [-0.52, 0.71]}}\n")
                    .formatted(acceleration, jerk, offset, deceleration)));
    SafetyFilter own = new SafetyFilter(arm);
    PacedMotion paced = new PacedMotion(own, PERIOD);
    LimitAudit judge = new LimitAudit(arm);
    Random random = new Random(seed);
    double[] target = READY.clone();
    paced.restart(READY);
    for (int message = 0; message < 8000; message++) {
      if (random.nextInt(200) == 0) {
        target[0] = 2 * random.nextGaussian();
      }
      long elapsed = elapsed(random);
      now += elapsed;
      if (paced.advance(elapsed)) {
        assertTrue(own.follow(target));
      }
      judge.commanded(paced.position(), SafetyState.RUN, now);
      paced.sent();
    }
    assertEquals("", judge.first().orElse(""));
  }

  @Test
  void jerkThatTakesTooLongToTurnRoundIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Joint(
                "slow",
                JointUnit.RADIAN,
                -1,
                1,
                1,
                10,
                Optional.of(199.0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  private static double gentle(double t) {
    double u = Math.clamp(t, 0, 1);
    return 0.3 * u * u * u * (10 - 15 * u + 6 * u * u) * Math.sin(2 * t);
  }

  private void send(long elapsed, double[] target) {
    if (motion.advance(elapsed) && !filter.follow(target)) {
      filter.brake();
    }
    tell(elapsed);
  }

  private void tell(long elapsed) {
    now += elapsed;
    audit.commanded(motion.position(), SafetyState.RUN, now);
    motion.sent();
  }

  private boolean speedsAreKept() {
    double[] velocity = filter.velocity();
    for (int j = 0; j < velocity.length; j++) {
      if (Math.abs(velocity[j]) > robot.joints().get(j).velocityMax()) {
        return false;
      }
    }
    return true;
  }

  private void requireKept() {
    assertEquals("", audit.first().orElse(""));
    assertTrue(audit.commands() > 1000);
  }

  private static long elapsed(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> 1000 + random.nextInt(2000);
      case 1 -> 1000 + (long) (random.nextDouble() * PERIOD);
      case 2 -> PERIOD + (long) (random.nextDouble() * PERIOD);
      case 3 -> PERIOD * (1 + random.nextInt(50));
      default -> PERIOD + (long) Math.clamp(random.nextGaussian() * 25_000, -9e5, 9e5);
    };
  }

  private static void beHostile(Random random, double[] target) {
    switch (random.nextInt(60)) {
      case 0 -> target[random.nextInt(7)] = Double.NaN;
      case 1 -> target[random.nextInt(7)] = Double.NEGATIVE_INFINITY;
      case 2 -> target[random.nextInt(7)] = 1e308 * (random.nextBoolean() ? 1 : -1);
      case 3 -> {
        for (int j = 0; j < 7; j++) {
          target[j] = 8 * (random.nextDouble() - 0.5);
        }
      }
      case 4 -> {
        for (int j = 0; j < 7; j++) {
          target[j] = -target[j];
        }
      }
      case 5, 6, 7, 8 -> target[random.nextInt(7)] += 0.2 * random.nextGaussian();
      case 9, 10 -> System.arraycopy(READY, 0, target, 0, 7);
      default -> {} // stay there for a while
    }
  }
}
