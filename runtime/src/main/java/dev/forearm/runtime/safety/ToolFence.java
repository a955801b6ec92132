package dev.forearm.runtime.safety;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.WorkspaceBox;

/**
 * Keeps the tool inside the workspace box. A velocity is allowed if the tool stays inside along the
 * whole path that the arm takes when it brakes from that velocity, so there is always a way to stop
 * inside. Control thread; never allocates.
 *
 * <p>The path is walked by conservative advancement: joint j cannot move the tool faster than its
 * own speed times the length of the chain beyond it, so from a point with clearance c, all cycles
 * in which the tool cannot travel c are skipped. Most cycles need one forward kinematics.
 */
final class ToolFence {
  private final WorkspaceBox box;
  private final SerialChain chain;
  private final double period;
  private final double[] step; // greatest loss of speed per cycle, per joint
  private final double[] reach; // tool travel per joint travel, at most
  private final double[] point = new double[3];
  private final double[] ahead;

  ToolFence(Robot robot, double period, double[] step) {
    this.box = robot.workspace();
    this.chain = new SerialChain(robot);
    this.period = period;
    this.step = step;
    this.reach = reach(robot);
    this.ahead = new double[robot.jointCount()];
  }

  /**
   * Whether the arm may move at {@code velocity} in this cycle. A tool that is outside already may
   * move, but not further out.
   */
  boolean allows(double[] position, double[] velocity) {
    double allowed = Math.max(0, excess(position));
    double cycles = 1;
    while (true) {
      double speed = 0; // bounds on the tool's speed from here on, and on its whole way to rest
      double remaining = 0;
      for (int j = 0; j < ahead.length; j++) {
        double v = Math.abs(velocity[j]);
        double travelled = Braking.distance(v, step[j], period, cycles);
        ahead[j] = position[j] + Math.copySign(travelled, velocity[j]);
        speed += reach[j] * Math.max(0, v - cycles * step[j]);
        remaining += reach[j] * (Braking.distance(v, step[j], period) - travelled);
      }
      double clearance = allowed - excess(ahead);
      if (clearance < 0) {
        return false;
      }
      if (remaining <= clearance || speed == 0) {
        return true;
      }
      cycles += Math.max(1, Math.floor(clearance / (speed * period)));
    }
  }

  private double excess(double[] position) {
    chain.toolPosition(position, point);
    return box.excess(point[0], point[1], point[2]);
  }

  /** For each joint, the length of the chain from its axis to the tool (1 for a sliding joint). */
  private static double[] reach(Robot robot) {
    double[] reach = new double[robot.jointCount()];
    double beyond = 0;
    for (int i = robot.chain().size() - 1; i >= 0; i--) {
      ChainLink link = robot.chain().get(i);
      if (link.joint() != ChainLink.FIXED) {
        Joint joint = robot.joints().get(link.joint());
        boolean slides = joint.unit() == JointUnit.METRE;
        reach[link.joint()] = slides ? 1 : beyond;
        beyond +=
            slides ? Math.max(Math.abs(joint.positionMin()), Math.abs(joint.positionMax())) : 0;
      }
      beyond += Math.hypot(Math.hypot(link.x(), link.y()), link.z());
    }
    return reach;
  }
}
