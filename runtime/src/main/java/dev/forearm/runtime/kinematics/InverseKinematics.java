package dev.forearm.runtime.kinematics;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.List;

/**
 * Joint positions for a tool that points straight down, by damped least squares with the arm's
 * spare freedom used to bring one joint to zero: dq = z + J^T (J J^T + d^2 I)^-1 (e - J z), z_spare
 * = -g q_spare. See Buss, "Introduction to Inverse Kinematics", 2004, section 6 and 7. Owned by one
 * thread; allocates nothing.
 */
public final class InverseKinematics {
  private static final int ROWS = 6;
  private static final double DAMPING_SQUARED = 1e-5;
  private static final double POSTURE_GAIN = 0.1;
  private static final double LIMIT_MARGIN = 0.02; // rad
  private static final double TURN_MAX = 0.3; // rad a joint may turn in one iteration

  private final SerialChain chain;
  private final List<Joint> joints;
  private final int spare;
  private final double[] pose = new double[7];
  private final double[] jacobian;
  private final double[] error = new double[ROWS];
  private final double[][] system = new double[ROWS][ROWS];

  /**
   * @param spare the joint to bring to zero, command order: with the Panda's third joint at zero
   *     the elbow stays in the vertical plane through the tool, and each pose has one solution
   */
  public InverseKinematics(Robot robot, int spare) {
    chain = new SerialChain(robot);
    joints = robot.joints();
    this.spare = spare;
    jacobian = new double[ROWS * joints.size()];
  }

  /**
   * Moves {@code q} towards the wanted tool pose.
   *
   * @param q joint positions in command order, from a nearby pose; those of the chain are replaced
   * @param yaw of the tool's x axis in the base frame's xy plane, rad
   * @param iterations to make, of which a few reach the pose and a few dozen the posture
   */
  public void solve(double[] q, double x, double y, double z, double yaw, int iterations) {
    for (int i = 0; i < iterations; i++) {
      chain.toolPose(q, pose);
      chain.jacobian(q, jacobian);
      setError(x, y, z, yaw);
      improve(q);
    }
  }

  /** Rotation error as in Luh, Walker and Paul (1980): half the sum of the axes' cross products. */
  private void setError(double x, double y, double z, double yaw) {
    error[0] = x - pose[0];
    error[1] = y - pose[1];
    error[2] = z - pose[2];
    double qw = pose[3];
    double qx = pose[4];
    double qy = pose[5];
    double qz = pose[6];
    double c = Math.cos(yaw);
    double s = Math.sin(yaw);
    error[3] = 0;
    error[4] = 0;
    error[5] = 0;
    addCross(
        1 - 2 * (qy * qy + qz * qz), 2 * (qx * qy + qw * qz), 2 * (qx * qz - qw * qy), c, s, 0);
    addCross(
        2 * (qx * qy - qw * qz), 1 - 2 * (qx * qx + qz * qz), 2 * (qy * qz + qw * qx), s, -c, 0);
    addCross(
        2 * (qx * qz + qw * qy), 2 * (qy * qz - qw * qx), 1 - 2 * (qx * qx + qy * qy), 0, 0, -1);
  }

  private void addCross(double ax, double ay, double az, double bx, double by, double bz) {
    error[3] += 0.5 * (ay * bz - az * by);
    error[4] += 0.5 * (az * bx - ax * bz);
    error[5] += 0.5 * (ax * by - ay * bx);
  }

  private void improve(double[] q) {
    int n = joints.size();
    double pull = -POSTURE_GAIN * q[spare];
    for (int row = 0; row < ROWS; row++) {
      error[row] -= jacobian[row * n + spare] * pull;
      for (int column = 0; column < ROWS; column++) {
        double sum = row == column ? DAMPING_SQUARED : 0;
        for (int j = 0; j < n; j++) {
          sum += jacobian[row * n + j] * jacobian[column * n + j];
        }
        system[row][column] = sum;
      }
    }
    solveInPlace();
    for (int j = 0; j < n; j++) {
      if (moves(j)) {
        double turn = j == spare ? pull : 0;
        for (int row = 0; row < ROWS; row++) {
          turn += jacobian[row * n + j] * error[row];
        }
        Joint joint = joints.get(j);
        q[j] =
            Math.clamp(
                q[j] + Math.clamp(turn, -TURN_MAX, TURN_MAX),
                joint.positionMin() + LIMIT_MARGIN,
                joint.positionMax() - LIMIT_MARGIN);
      }
    }
  }

  /** A joint outside the chain has a column of zeros. */
  private boolean moves(int joint) {
    for (int row = 0; row < ROWS; row++) {
      if (jacobian[row * joints.size() + joint] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Cholesky decomposition of the system, then forward and back substitution into the error. */
  private void solveInPlace() {
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = system[i][j];
        for (int k = 0; k < j; k++) {
          sum -= system[i][k] * system[j][k];
        }
        system[i][j] = i == j ? Math.sqrt(sum) : sum / system[j][j];
      }
    }
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < i; k++) {
        error[i] -= system[i][k] * error[k];
      }
      error[i] /= system[i][i];
    }
    for (int i = ROWS - 1; i >= 0; i--) {
      for (int k = i + 1; k < ROWS; k++) {
        error[i] -= system[k][i] * error[k];
      }
      error[i] /= system[i][i];
    }
  }
}
