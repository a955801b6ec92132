package dev.forearm.runtime.kinematics;

import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forward kinematics and geometric Jacobian of a serial chain. Keeps scratch memory, so each thread
 * owns its own instance; no call allocates.
 */
public final class SerialChain {
  /** Numbers of a frame: its rotation, row-major, and its origin in m. */
  public static final int FRAME = 12;

  private final int joints;
  private final int links;
  private final int[] jointOf;
  private final boolean[] slides;
  private final boolean[] follows; // a joint that is another
  private final double[] multiplier; // of what follows, else 1
  private final double[] offset;
  private final double[][] fixedRotation; // [link][9], row-major
  private final double[][] fixedTranslation; // [link][3]
  private final double[][] axis; // [link][3], in the link's own frame

  // The walk along the chain: the frame reached so far, and for each link its axis and origin.
  private final double[] rotation = new double[9];
  private final double[] position = new double[3];
  private final double[][] axisInBase;
  private final double[][] originInBase;
  private final double[] turn = new double[9];
  private final double[] product = new double[9];

  /** To the robot's tool frame. */
  public SerialChain(Robot robot) {
    this(robot, robot.chain());
  }

  /** To the end of other links of a robot. */
  public SerialChain(Robot robot, List<ChainLink> chain) {
    joints = robot.jointCount();
    links = chain.size();
    jointOf = new int[links];
    slides = new boolean[links];
    follows = new boolean[links];
    multiplier = new double[links];
    offset = new double[links];
    fixedRotation = new double[links][];
    fixedTranslation = new double[links][];
    axis = new double[links][];
    axisInBase = new double[links][3];
    originInBase = new double[links][3];
    for (int i = 0; i < links; i++) {
      ChainLink link = chain.get(i);
      jointOf[i] = link.joint();
      follows[i] = link.mimic().isPresent();
      if (link.joint() != ChainLink.FIXED) {
        ChainLink.Mimic motion = link.motion(robot.joints().get(link.joint()));
        slides[i] = motion.slides();
        multiplier[i] = motion.multiplier();
        offset[i] = motion.offset();
      }
      fixedRotation[i] = Rotations.fromRollPitchYaw(link.roll(), link.pitch(), link.yaw());
      fixedTranslation[i] = new double[] {link.x(), link.y(), link.z()};
      axis[i] = new double[] {link.axisX(), link.axisY(), link.axisZ()};
    }
  }

  /** Number of joints of the robot, in the chain or not; columns of the Jacobian. */
  public int joints() {
    return joints;
  }

  /**
   * The tool's pose.
   *
   * @param positions joint positions in command order, rad or m; longer arrays are fine
   * @param pose receives x y z in m and qw qx qy qz (qw &gt;= 0), tool in the base frame
   */
  public void toolPose(double[] positions, double[] pose) {
    walk(positions);
    pose[0] = position[0];
    pose[1] = position[1];
    pose[2] = position[2];
    Rotations.toQuaternion(rotation, pose, 3);
  }

  /**
   * The tool's position only, cheaper than the pose.
   *
   * @param positions joint positions in command order, rad or m
   * @param point receives x y z in m, base frame
   */
  public void toolPosition(double[] positions, double[] point) {
    walk(positions);
    point[0] = position[0];
    point[1] = position[1];
    point[2] = position[2];
  }

  /**
   * The geometric Jacobian at the tool point, base frame.
   *
   * @param positions joint positions in command order, rad or m
   * @param jacobian receives [6][joints], row-major; rows vx vy vz (m/s) wx wy wz (rad/s) for each
   *     joint's velocity; a joint outside the chain has a column of zeros
   */
  public void jacobian(double[] positions, double[] jacobian) {
    walk(positions);
    for (int k = 0; k < 6 * joints; k++) {
      jacobian[k] = 0;
    }
    for (int i = 0; i < links; i++) {
      int column = jointOf[i];
      if (column == ChainLink.FIXED) {
        continue;
      }
      double[] z = axisInBase[i];
      double rate = multiplier[i]; // several links may move with one joint
      if (slides[i]) {
        for (int row = 0; row < 3; row++) {
          jacobian[row * joints + column] += rate * z[row];
        }
        continue;
      }
      double rx = position[0] - originInBase[i][0];
      double ry = position[1] - originInBase[i][1];
      double rz = position[2] - originInBase[i][2];
      jacobian[column] += rate * (z[1] * rz - z[2] * ry);
      jacobian[joints + column] += rate * (z[2] * rx - z[0] * rz);
      jacobian[2 * joints + column] += rate * (z[0] * ry - z[1] * rx);
      for (int row = 0; row < 3; row++) {
        jacobian[(3 + row) * joints + column] += rate * z[row];
      }
    }
  }

  /**
   * Turns a vector from the tool's axes to the base frame's, for the positions of the call before.
   *
   * @param vector holds x y z from {@code offset} on; turned in place
   */
  public void turnToBase(double[] vector, int offset) {
    double x = vector[offset];
    double y = vector[offset + 1];
    double z = vector[offset + 2];
    for (int row = 0; row < 3; row++) {
      vector[offset + row] =
          rotation[3 * row] * x + rotation[3 * row + 1] * y + rotation[3 * row + 2] * z;
    }
  }

  /**
   * Where each link has come to.
   *
   * @param positions joint positions in command order, rad or m
   * @param frames receives [link][{@link #FRAME}]: after the link's joint, base frame
   */
  public void frames(double[] positions, double[] frames) {
    walk(positions, frames);
  }

  private void walk(double[] positions) {
    walk(positions, null);
  }

  private void walk(double[] positions, double @Nullable [] frames) {
    Rotations.setIdentity(rotation);
    position[0] = 0;
    position[1] = 0;
    position[2] = 0;
    for (int i = 0; i < links; i++) {
      advance(fixedTranslation[i], 1);
      turnBy(fixedRotation[i]);
      if (jointOf[i] != ChainLink.FIXED) {
        move(i, positions[jointOf[i]]);
      }
      if (frames != null) {
        System.arraycopy(rotation, 0, frames, i * FRAME, 9);
        System.arraycopy(position, 0, frames, i * FRAME + 9, 3);
      }
    }
  }

  private void move(int link, double joint) {
    Rotations.apply(rotation, axis[link], axisInBase[link]);
    System.arraycopy(position, 0, originInBase[link], 0, 3);
    double q = follows[link] ? multiplier[link] * joint + offset[link] : joint;
    if (slides[link]) {
      advance(axis[link], q);
    } else {
      Rotations.setAxisAngle(axis[link], q, turn);
      turnBy(turn);
    }
  }

  private void advance(double[] direction, double distance) {
    for (int row = 0; row < 3; row++) {
      position[row] +=
          distance
              * (rotation[3 * row] * direction[0]
                  + rotation[3 * row + 1] * direction[1]
                  + rotation[3 * row + 2] * direction[2]);
    }
  }

  private void turnBy(double[] by) {
    Rotations.multiply(rotation, by, product);
    System.arraycopy(product, 0, rotation, 0, 9);
  }
}
