package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thin wall and a post in the middle of the workspace, with and without a limit of jerk. */
class KeepOutTest {
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4, 0.02
  };
  private static final String BOXES =
      """
      keep_out:
        - {min_m: [0.1, 0.198, 0.0], max_m: [0.8, 0.202, 0.8]}
        - {min_m: [0.45, -0.3, 0.0], max_m: [0.5, -0.25, 0.8]}
      topics:\
      """;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void theToolNeverEntersABox(long seed) {
    strayAbout(RobotFile.parse(edited(TabletopRobot.text()), "tabletop.yaml"), seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6, 7, 8})
  void theToolNeverEntersABoxWhereJerkIsLimited(long seed) {
    strayAbout(TabletopRobot.fr3(KeepOutTest::edited), seed);
  }

  @Test
  void aToolThatIsInABoxMayLeaveIt() {
    Robot robot =
        RobotFile.parse(
            TabletopRobot.text()
                .replace(
                    "topics:\n",
                    "keep_out: [{min_m: [0.2, -0.5, 0.1], max_m: [0.4, 0.02, 0.7]}]\ntopics:\n"),
            "boxed.yaml");
    WorkspaceBox box = robot.keepOut().getFirst();
    SafetyFilter filter = new SafetyFilter(robot);
    SerialChain chain = new SerialChain(robot);
    double[] tool = new double[3];
    filter.restart(READY);
    chain.toolPosition(READY, tool);
    assertTrue(box.excess(tool[0], tool[1], tool[2]) < 0, "it does not begin in the box");
    double[] target = READY.clone();
    target[0] = 1.0;
    for (int cycle = 0; cycle < 2000; cycle++) {
      assertTrue(filter.follow(target));
    }
    chain.toolPosition(filter.position(), tool);
    assertTrue(box.excess(tool[0], tool[1], tool[2]) > 0.1);
    assertEquals(1.0, filter.position()[0], 1e-6);
  }

  private static void strayAbout(Robot robot, long seed) {
    SafetyFilter filter = new SafetyFilter(robot);
    PacedMotion motion = new PacedMotion(filter, robot.controlPeriodNanos());
    LimitAudit audit = new LimitAudit(robot);
    Random random = new Random(seed);
    double[] target = new double[robot.jointCount()];
    System.arraycopy(READY, 0, target, 0, target.length);
    motion.restart(target);
    int fenced = 0;
    long now = 0;
    for (int message = 0; message < 10_000; message++) {
      if (random.nextInt(150) == 0) {
        for (int j = 0; j < target.length; j++) {
          target[j] = READY[j] + 0.6 * random.nextGaussian();
        }
      }
      long elapsed = (long) (robot.controlPeriodNanos() * (0.2 + random.nextDouble()));
      now += elapsed;
      if (motion.advance(elapsed)) {
        assertTrue(filter.follow(target));
        fenced += filter.fenced() ? 1 : 0;
      }
      audit.commanded(motion.position(), SafetyState.RUN, now);
      motion.sent();
    }
    assertEquals("", audit.first().orElse(""));
    assertTrue(fenced > 100, "only " + fenced + " cycles were near a wall");
  }

  private static String edited(String text) {
    return text.replaceFirst("topics:", BOXES);
  }
}
