package dev.forearm.calibration.handeye;

import dev.forearm.runtime.kinematics.DampedInverse;
import dev.forearm.runtime.kinematics.SelfDistance;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.SelfCollision;
import dev.forearm.runtime.robot.WorkspaceBox;
import georegression.struct.se.Se3_F64;
import org.jspecify.annotations.Nullable;

/**
 * Where an arm can go: joints for a pose of its tool, and whether it may take the straight way
 * there in joint space. What it says is for choosing; the safety filter has the last word. Keeps
 * scratch; one thread.
 */
final class ArmReach {
  private static final int STEPS = 40;
  private static final double STRIDE = 0.3; // rad or m of a joint in one step at most
  private static final double END_SHARE = 0.04; // of a joint's range, to stay off its ends

  /** How far a joint moves between two looks at its way, rad or m. */
  private static final double LOOK = 0.02;

  private static final double CLEARANCE_M =
      0.02; // of tool and bodies, from all they must not touch

  private final Robot robot;
  private final ArmReadings arm;
  private final SerialChain chain;
  private final DampedInverse inverse;
  private final @Nullable SelfDistance bodies;
  private final double apart;
  private final double[] point = new double[3];

  ArmReach(Robot robot) {
    this.robot = robot;
    arm = new ArmReadings(robot);
    chain = new SerialChain(robot);
    inverse = new DampedInverse(robot);
    bodies = robot.selfCollision().map(of -> new SelfDistance(robot, of)).orElse(null);
    apart = robot.selfCollision().map(SelfCollision::distanceMin).orElse(0.0);
  }

  /** Where the tool is. */
  Se3_F64 baseFromTool(double[] joints) {
    return arm.baseFromTool(joints, new double[joints.length]);
  }

  /**
   * Joints that put the tool there, or as near to it as few joints and the ends of their ranges let
   * them: off these by a little, or no nearer to them than where it looks from.
   *
   * @param near where to look from, rad or m, in command order
   */
  double[] joints(Se3_F64 baseFromTool, double[] near) {
    double[] joints = near.clone();
    double[] velocities = new double[joints.length];
    for (int step = 0; step < STEPS; step++) {
      Se3_F64 at = baseFromTool(joints);
      double[] turn =
          Poses.rotationVector(Poses.product(baseFromTool, Poses.inverse(at)).R); // base's axes
      double[] twist = {
        baseFromTool.T.x - at.T.x,
        baseFromTool.T.y - at.T.y,
        baseFromTool.T.z - at.T.z,
        turn[0],
        turn[1],
        turn[2]
      };
      inverse.solve(joints, twist, false, velocities);
      double share = Math.min(1, STRIDE / largest(velocities));
      for (int j = 0; j < joints.length; j++) {
        Joint joint = robot.joints().get(j);
        double off = END_SHARE * (joint.positionMax() - joint.positionMin());
        joints[j] =
            Math.clamp(
                joints[j] + share * velocities[j],
                Math.min(near[j], joint.positionMin() + off),
                Math.max(near[j], joint.positionMax() - off));
      }
    }
    return joints;
  }

  /**
   * Whether the tool stays in its workspace and out of what it keeps out of, and the bodies off
   * each other, all the way and by a little; where they are nearer already, not nearer than that.
   */
  boolean isFree(double[] from, double[] to) {
    double[] joints = new double[from.length];
    for (int j = 0; j < joints.length; j++) {
      joints[j] = to[j] - from[j];
    }
    int looks = (int) Math.ceil(largest(joints) / LOOK);
    double least = Math.min(CLEARANCE_M, clearance(from));
    for (int look = 1; look <= looks; look++) {
      for (int j = 0; j < joints.length; j++) {
        joints[j] = from[j] + (to[j] - from[j]) * look / looks;
      }
      if (clearance(joints) < least) {
        return false;
      }
    }
    return true;
  }

  private double clearance(double[] joints) {
    chain.toolPosition(joints, point);
    double clearance = -robot.workspace().excess(point[0], point[1], point[2]);
    for (WorkspaceBox box : robot.keepOut()) {
      clearance = Math.min(clearance, box.excess(point[0], point[1], point[2]));
    }
    return bodies == null ? clearance : Math.min(clearance, bodies.of(joints) - apart);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
