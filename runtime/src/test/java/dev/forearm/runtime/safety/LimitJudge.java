package dev.forearm.runtime.safety;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;

/**
 * Judges a stream of commands by nothing but the commands: differences give speed and acceleration,
 * brute-force braking gives the place where each joint could come to rest.
 */
public final class LimitJudge {
  private static final double ROUNDING = 1e-9;

  private final Robot robot;
  private final double period;
  private final SerialChain chain;
  private final double[] tool = new double[3];
  private final double[] last;
  private final double[] lastSpeed;

  public LimitJudge(Robot robot, double[] start) {
    this.robot = robot;
    this.period = robot.controlPeriodNanos() * 1e-9;
    chain = new SerialChain(robot);
    last = start.clone();
    lastSpeed = new double[start.length];
  }

  /** The stream starts over at rest. */
  public void restart(double[] start) {
    System.arraycopy(start, 0, last, 0, last.length);
    Arrays.fill(lastSpeed, 0);
  }

  public void check(double[] command, long cycle) {
    for (int j = 0; j < last.length; j++) {
      Joint joint = robot.joints().get(j);
      double speed = (command[j] - last[j]) / period;
      double acceleration = (speed - lastSpeed[j]) / period;
      String where = "cycle %s, %s: ".formatted(cycle, joint.name());
      assertTrue(
          command[j] >= joint.positionMin() && command[j] <= joint.positionMax(),
          where + "position " + command[j]);
      assertTrue(Math.abs(speed) <= joint.velocityMax() + ROUNDING, where + "speed " + speed);
      assertTrue(
          Math.abs(acceleration) <= joint.accelerationMax() + 1e-6,
          where + "acceleration " + acceleration);
      double rest = rest(command[j], speed, joint.accelerationMax());
      assertTrue(
          rest >= joint.positionMin() - ROUNDING && rest <= joint.positionMax() + ROUNDING,
          where + "cannot stop before " + rest);
      last[j] = command[j];
      lastSpeed[j] = speed;
    }
    chain.toolPosition(command, tool);
    double excess = robot.workspace().excess(tool[0], tool[1], tool[2]);
    assertTrue(excess <= ROUNDING, "cycle " + cycle + ": tool outside by " + excess);
  }

  private double rest(double position, double speed, double acceleration) {
    double p = position;
    double v = Math.abs(speed);
    while ((v -= acceleration * period) > 0) {
      p += Math.signum(speed) * v * period;
    }
    return p;
  }
}
