package dev.forearm.runtime.lockstep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge sees what is over a limit, and lets pass what is just under it. */
class LimitAuditTest {
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4
  };

  private final Robot robot = TabletopRobot.fr3();
  private final LimitAudit audit = new LimitAudit(robot);
  private final double[] command = READY.clone();
  private long now;

  @ParameterizedTest(name = "{0} of it: {1}")
  @CsvSource({"0.99, ''", "1.01, jerk of fr3_joint1"})
  void jerkIsLimited(double share, String what) {
    double step = 5 * share;
    accelerate(step, 9.9, 9.9 - step, 0, -step, 0);
    judged(what);
  }

  @ParameterizedTest(name = "{0} of it: {1}")
  @CsvSource({"0.99, ''", "1.01, acceleration of fr3_joint1"})
  void accelerationIsLimited(double share, String what) {
    accelerate(4.9, 9.7, 10 * share, 10 * share, 5.2, 0.5, 0);
    judged(what);
  }

  @ParameterizedTest(name = "{0} of it: {1}")
  @CsvSource({"0.99, ''", "1.01, speed of fr3_joint1"})
  void speedIsLimited(double share, String what) {
    double acceleration = (2.62 * share / 1e-3 - 4.9) / 270.5;
    double[] ramp = new double[273];
    Arrays.fill(ramp, acceleration);
    ramp[0] = 4.9;
    ramp[271] = acceleration / 2;
    ramp[272] = 0;
    accelerate(ramp);
    judged(what);
  }

  @Test
  void speedThatTapersIsLimited() {
    command[0] = 2.70; // 0.0501 rad from its end: 0.475 rad/s
    send();
    command[0] += 0.476e-3;
    send();
    judged("speed of fr3_joint1");
  }

  @Test
  void positionIsLimited() {
    command[0] = 2.75;
    send();
    judged("position of fr3_joint1");
  }

  @Test
  void toolIsToStayInTheWorkspace() {
    send();
    audit.safety(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
    Robot lower =
        TabletopRobot.fr3(
            text -> text.replace("max_m: [0.80, 0.60, 0.90]", "max_m: [0.8, 0.6, 0.45]"));
    double[] up = READY.clone();
    LimitAudit inside = new LimitAudit(lower);
    for (int cycle = 0; cycle < 400; cycle++) { // joint 2 leans back, and so raises the tool
      up[1] -= Math.min(cycle, 200) * 2e-6;
      inside.commanded(up, SafetyState.RUN, cycle * 1_000_000L);
    }
    assertTrue(inside.first().orElse("").startsWith("way out"), inside.first().toString());
  }

  /**
   * From cycle to cycle the joints go straight and the tool does not: it passes a wall that both
   * its ends touch. A message that is late stays between two cycles, as those after it do.
   */
  @ParameterizedTest(name = "messages after {0} and {1} us")
  @CsvSource({"1000, 2000, ''", "2000, 2000, way out of the workspace of tool"})
  void betweenCyclesTheToolMayBeOffTheStraightWay(long first, long second, String what) {
    double[] at = {-1e-3, -0.785, 0, -2.356, 0, 1.571, 0.785, 0.02};
    double[] tool = new double[3];
    new SerialChain(TabletopRobot.read()).toolPosition(at, tool);
    String near =
        TabletopRobot.text()
            .replace("max_m: [0.80", "max_m: [" + tool[0])
            .replace("2.175, acceleration_max: 15.0", "2.175, acceleration_max: 2000"); // joint 1's
    LimitAudit judge = new LimitAudit(RobotFile.parse(near, "near.yaml"));
    judge.commanded(at, SafetyState.RUN, 0);
    at[0] = 0;
    judge.commanded(at, SafetyState.RUN, first * 1000);
    judge.commanded(at, SafetyState.RUN, (first + second) * 1000);
    assertTrue(judge.first().orElse("").startsWith(what), judge.first().toString());
    assertEquals(what.isEmpty(), judge.first().isEmpty(), judge.first().toString());
  }

  @Test
  void commandsMayStartOverOnlyFromRest() {
    accelerate(4.9, 9.7, 9.7);
    judged("");
    audit.safety(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
    command[0] = 0.5;
    send();
    judged("acceleration of fr3_joint1");
  }

  @Test
  void commandsThatStartOverFromRestAreWell() {
    send();
    audit.safety(SafetyState.IDLE, SafetyReason.NOT_ENGAGED, now);
    command[0] = 0.5;
    send();
    judged("");
  }

  /** Moves the first joint from rest: rad/s^2, one a cycle. */
  private void accelerate(double... accelerations) {
    double speed = 0;
    send();
    for (double acceleration : accelerations) {
      speed += acceleration * 1e-3;
      command[0] += speed * 1e-3;
      send();
    }
  }

  private void send() {
    audit.commanded(command, SafetyState.RUN, now);
    now += 1_000_000;
  }

  private void judged(String what) {
    String found = audit.first().orElse("");
    assertEquals(what, found.isEmpty() ? "" : found.substring(0, found.indexOf(':')));
  }
}
