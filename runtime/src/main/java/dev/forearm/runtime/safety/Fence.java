package dev.forearm.runtime.safety;

import dev.forearm.runtime.kinematics.SelfDistance;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.SelfCollision;
import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tool inside the workspace box and out of the boxes in it where it may not be, and the
 * arm's bodies off each other. A velocity is allowed if that holds along the whole path that the
 * arm takes when it brakes from that velocity, so there is always a way to stop in time. Control
 * thread; never allocates.
 *
 * <p>What counts is the {@link MotionPath}, which is behind the filter's own positions where jerk
 * is limited: each of its points is a mean of the positions of some cycles, past and to come.
 *
 * <p>The path is walked by conservative advancement: joint j cannot move the tool or a body faster
 * than its own speed times the length of the arm beyond it, so from a point with clearance c, all
 * cycles in which nothing can travel c are skipped. Most cycles need one forward kinematics.
 */
final class Fence {
  private final WorkspaceBox box;
  private final SerialChain chain;
  private final double period;
  private final double[] step; // greatest loss of speed per cycle, per joint
  private final double[] reach; // travel of tool and bodies per joint travel, at most
  private final double[] point = new double[3];
  private final double[] ahead;
  private final WorkspaceBox[] keepOut;
  private final double[] depth; // how deep the tool may be in each of them, m
  private final @Nullable SelfDistance bodies;
  private final double apart; // how far they have to stay off each other, m

  Fence(Robot robot, double period, double[] step) {
    this.box = robot.workspace();
    this.chain = new SerialChain(robot);
    this.period = period;
    this.step = step;
    this.reach = reach(robot);
    this.ahead = new double[robot.jointCount()];
    this.keepOut = robot.keepOut().toArray(WorkspaceBox[]::new);
    this.depth = new double[keepOut.length];
    this.bodies = robot.selfCollision().map(of -> new SelfDistance(robot, of)).orElse(null);
    this.apart = robot.selfCollision().map(SelfCollision::distanceMin).orElse(0.0);
  }

  /**
   * Whether the arm may move at {@code velocity} in this cycle. A tool that is where it may not be
   * already may move, but not further there; so may bodies that are too near each other.
   *
   * <p>The straight way between two points outside a box may lead through it: the tool stays off a
   * box, and a body off another, by half of what they may travel in a cycle.
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
    double near = bodies == null ? 0 : bodies.of(ahead);
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
      if (bodies != null) {
        double least = near < apart ? near : apart + 0.5 * period * pace;
        clearance = Math.min(clearance, bodies.of(ahead) - least);
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

  /**
   * For each joint, the length of the arm from its axis to the tool or to the farthest end of a
   * body (1 for what slides).
   */
  private static double[] reach(Robot robot) {
    double[] reach = new double[robot.jointCount()];
    double beyond = 0;
    for (int i = robot.chain().size() - 1; i >= 0; i--) {
      ChainLink link = robot.chain().get(i);
      beyond = Math.max(beyond, extent(robot, i));
      if (link.joint() != ChainLink.FIXED) {
        Joint joint = robot.joints().get(link.joint());
        ChainLink.Mimic motion = link.motion(joint);
        double rate = Math.abs(motion.multiplier());
        reach[link.joint()] += rate * (motion.slides() ? 1 : beyond);
        if (motion.slides()) {
          beyond +=
              rate * Math.max(Math.abs(joint.positionMin()), Math.abs(joint.positionMax()))
                  + Math.abs(motion.offset());
        }
      }
      beyond += Math.hypot(Math.hypot(link.x(), link.y()), link.z());
    }
    return reach;
  }

  /** How far the bodies that move with a link reach from its origin, m. */
  private static double extent(Robot robot, int link) {
    return robot.selfCollision().map(SelfCollision::capsules).orElse(List.of()).stream()
        .filter(capsule -> SelfDistance.linkOf(robot, capsule) == link)
        .mapToDouble(
            capsule -> Math.max(length(capsule.from()), length(capsule.to())) + capsule.radius())
        .max()
        .orElse(0);
  }

  private static double length(List<Double> point) {
    return Math.hypot(Math.hypot(point.get(0), point.get(1)), point.get(2));
  }
}
