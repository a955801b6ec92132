package dev.forearm.runtime.safety;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.WorkspaceBox;

/**
 * Keeps the tool inside the workspace box and out of the boxes in it where it may not be. A
 * velocity is allowed if the tool stays inside along the whole path that the arm takes when it
 * brakes from that velocity, so there is always a way to stop inside. Control thread; never
 * allocates.
 *
 * <p>What counts is the {@link MotionPath}, which is behind the filter's own positions where jerk
 * is limited: each of its points is a mean of the positions of some cycles, past and to come.
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
  private final WorkspaceBox[] keepOut;
  private final double[] depth; // how deep the tool may be in each of them, m

  ToolFence(Robot robot, double period, double[] step) {
    this.box = robot.workspace();
    this.chain = new SerialChain(robot);
    this.period = period;
    this.step = step;
    this.reach = reach(robot);
    this.ahead = new double[robot.jointCount()];
    this.keepOut = robot.keepOut().toArray(WorkspaceBox[]::new);
    this.depth = new double[keepOut.length];
  }

  /**
   * Whether the arm may move at {@code velocity} in this cycle. A tool that is where it may not be
   * already may move, but not further there.
   *
   * <p>The straight way between two points outside a box may lead through it: the tool stays off a
   * box by half of what it may travel in a cycle.
   *
   * @param path of the cycles before; its newest position is {@code position}
   */
  boolean allows(double[] position, double[] velocity, MotionPath path) {
    double[] weights = path.cycleWeights();
    path.at(1, ahead);
    double allowed = Math.max(0, excess(ahead));
    for (int k = 0; k < keepOut.length; k++) {
      depth[k] = Math.max(0, -keepOut[k].excess(point[0], point[1], point[2]));
    }
    double cycles = 1;
    while (true) {
      double pace = 0; // bounds on the tool's speed in this cycle,
      double speed = 0; // on that from here on, and on its whole way to rest
      double remaining = 0;
      for (int j = 0; j < ahead.length; j++) {
        double v = Math.abs(velocity[j]);
        double whole = Braking.distance(v, step[j], period);
        double fastest = fastest(v, weights.length, j, path);
        double offset = 0;
        for (int i = 0; i < weights.length; i++) {
          double cycle = cycles - i;
          if (cycle > 0) {
            double travelled = Braking.distance(v, step[j], period, cycle);
            offset += weights[i] * Math.copySign(travelled, velocity[j]);
            remaining += reach[j] * weights[i] * (whole - travelled);
          } else {
            offset += weights[i] * (path.past((int) -cycle, j) - position[j]);
            remaining += reach[j] * weights[i] * (whole - cycle * period * fastest);
          }
          pace +=
              reach[j]
                  * weights[i]
                  * (cycle < 1 ? fastest : Math.max(0, v - (cycle - 1) * step[j]));
          speed += reach[j] * weights[i] * (cycle < 0 ? fastest : Math.max(0, v - cycle * step[j]));
        }
        ahead[j] = position[j] + offset;
      }
      double clearance = allowed - excess(ahead);
      for (int k = 0; k < keepOut.length; k++) {
        double off = keepOut[k].excess(point[0], point[1], point[2]);
        double least = depth[k] > 0 ? -depth[k] : 0.5 * period * pace;
        clearance = Math.min(clearance, off - least);
      }
      if (clearance < 0) {
        return false;
      }
      if (remaining <= clearance || speed == 0) {
        return true;
      }
      cycles += Math.max(1, Math.floor(clearance / (speed * period)));
    }
  }

  /** The greatest speed of a joint in this cycle and those before that count. */
  private double fastest(double speed, int cycles, int joint, MotionPath path) {
    double fastest = speed;
    for (int i = 1; i < cycles; i++) {
      double travel = Math.abs(path.past(i - 1, joint) - path.past(i, joint));
      fastest = Math.max(fastest, travel / period);
    }
    return fastest;
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
