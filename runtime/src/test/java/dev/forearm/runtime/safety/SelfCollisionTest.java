package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.kinematics.SelfDistance;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An FR3 in so large a workspace that nothing but its own bodies are in the way. */
class SelfCollisionTest {
  private final Robot robot =
      TabletopRobot.fr3(text ->
          text.replaceAll("min_m: \\[0.10, .*\\]", "min_m: [-2, -2, -2]")
              .replaceAll("max_m: \\[0.80, .*\\]", "max_m: [2, 2, 2]"));
  private final SelfDistance distance =
      new SelfDistance(robot, robot.selfCollision().orElseThrow());
  private final SafetyFilter filter = new SafetyFilter(robot);
  private final double[] ready = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4
  };
  private final double[] folded = {0, 1.2, 0, -3.0, 0, 0.6, 0};

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void theArmStaysOffItselfWhateverIsWanted(long seed) {
    PacedMotion motion = new PacedMotion(filter, robot.controlPeriodNanos());
    LimitAudit audit = new LimitAudit(robot);
    Random random = new Random(seed);
    double[] target = ready.clone();
    motion.restart(target);
    int fenced = 0;
    double least = Double.POSITIVE_INFINITY;
    long now = 0;
    for (int message = 0; message < 20_000; message++) {
      if (random.nextInt(1200) == 0) {
        boolean anywhere = random.nextBoolean();
        for (int j = 0; j < target.length; j++) {
          Joint joint = robot.joints().get(j);
          target[j] =
              anywhere
                  ? random.nextDouble(joint.positionMin(), joint.positionMax())
                  : folded[j] + 0.3 * random.nextGaussian();
        }
      }
      long elapsed = (long) (robot.controlPeriodNanos() * (0.2 + random.nextDouble()));
      now += elapsed;
      if (motion.advance(elapsed)) {
        if (message % 5000 < 4500) {
          assertTrue(filter.follow(target));
        } else {
          filter.brake();
        }
        fenced += filter.fenced() ? 1 : 0;
      }
      audit.commanded(motion.position(), SafetyState.RUN, now);
      least = Math.min(least, distance.of(motion.position()));
      motion.sent();
    }
    assertEquals("", audit.first().orElse(""));
    assertTrue(fenced > 100, "only " + fenced + " cycles were near a collision");
    assertTrue(least < 0.02, "it came no nearer than " + least);
  }

  @Test
  void anArmThatIsTooNearItselfMayPartAndNotComeNearer() {
    double share = 0; // of the way from ready to folded
    double[] touching = ready.clone();
    while (distance.of(touching) > -0.002) {
      share += 0.001;
      for (int j = 0; j < touching.length; j++) {
        touching[j] = ready[j] + share * (folded[j] - ready[j]);
      }
    }
    double begun = distance.of(touching);
    filter.restart(touching);
    follow(folded, begun);
    assertArrayEquals(touching, filter.position(), 0.01);
    filter.restart(touching);
    follow(ready, begun);
    assertArrayEquals(ready, filter.position(), 1e-6);
  }

  private void follow(double[] target, double least) {
    for (int cycle = 0; cycle < 5000; cycle++) {
      assertTrue(filter.follow(target));
      assertTrue(distance.of(filter.position()) >= least - 1e-6);
    }
  }
}
