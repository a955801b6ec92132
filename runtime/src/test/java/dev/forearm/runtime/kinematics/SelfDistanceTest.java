package dev.forearm.runtime.kinematics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SelfDistanceTest {
  private static final int SAMPLES = 400;
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4
  };

  private final Robot robot = TabletopRobot.fr3();
  private final SelfDistance distance =
      new SelfDistance(robot, robot.selfCollision().orElseThrow());

  /** Segments at random, some of them parallel, some that are points. */
  @Test
  void segmentsAreAsFarApartAsTheirNearestPoints() {
    Random random = new Random(4);
    for (int n = 0; n < 300; n++) {
      double[] s = random.doubles(12, -1, 1).toArray();
      if (n % 3 == 1) {
        double along = random.nextGaussian();
        for (int i = 0; i < 3; i++) {
          s[9 + i] = s[6 + i] + along * (s[3 + i] - s[i]);
        }
      }
      if (n % 5 == 2) {
        System.arraycopy(s, 0, s, 3, 3);
      }
      if (n % 7 == 3) {
        System.arraycopy(s, 6, s, 9, 3);
      }
      double least = Double.POSITIVE_INFINITY;
      for (int a = 0; a <= SAMPLES; a++) {
        for (int b = 0; b <= SAMPLES; b++) {
          double squared = 0;
          for (int i = 0; i < 3; i++) {
            double p = s[i] + (s[3 + i] - s[i]) * a / SAMPLES;
            double q = s[6 + i] + (s[9 + i] - s[6 + i]) * b / SAMPLES;
            squared += (p - q) * (p - q);
          }
          least = Math.min(least, squared);
        }
      }
      double found = Math.sqrt(SelfDistance.segmentsSquared(s, 0, 6));
      assertTrue(found <= Math.sqrt(least) + 1e-12, "segments " + n);
      assertEquals(Math.sqrt(least), found, 0.01, "segments " + n);
    }
  }

  @Test
  void anArmThatIsReadyIsOffItselfAndOneThatIsFoldedIsNot() {
    assertTrue(distance.of(READY) > 0.05, () -> "ready: " + distance.of(READY));
    double[] folded = {0, 1.2, 0, -3.0, 0, 0.6, 0};
    assertTrue(distance.of(folded) < 0, () -> "folded: " + distance.of(folded));
  }

  @Test
  void theLastLinksFrameIsTheTools() {
    SerialChain chain = new SerialChain(robot);
    double[] frames = new double[robot.chain().size() * SerialChain.FRAME];
    double[] tool = new double[3];
    chain.frames(READY, frames);
    chain.toolPosition(READY, tool);
    for (int i = 0; i < 3; i++) {
      assertEquals(tool[i], frames[frames.length - 3 + i], 0);
    }
  }

  @Test
  void bodiesThatAreNotThereAreRefused() {
    refused(
        text -> text.replace("{one: link0, other: link1}", "{one: link0, other: tail}"), "tail");
    refused(text -> text.replace("radius_m: 0.025", "radius_m: 0"), "radius 0.0 m");
    refused(text -> text.replace("distance_min_m: 0.01", "distance_min_m: -1"), "distance -1.0 m");
  }

  private static void refused(UnaryOperator<String> edit, String why) {
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> TabletopRobot.fr3(edit));
    assertTrue(fault.toString().contains(why), fault::toString);
  }
}
