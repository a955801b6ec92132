package dev.forearm.runtime.kinematics;

import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Robot;

/**
 * Joint velocities that move the tool as a twist says: damped least squares, {@code Jᵀ (J Jᵀ + λ²
 * I)⁻¹ x}. Lengths are told in units of the chain's own, so that metres and radians weigh alike and
 * the numbers below suit arms of any size.
 *
 * <p>The damping depends on the manipulability {@code w = sqrt(det(J Jᵀ))}: none from {@value
 * #REGULAR} up, where the twist is brought about exactly; below, {@code λ = λmax (1 - w / w0)}
 * (Nakamura and Hanafusa, 1986), so that near a singularity the tool lags instead of the joints
 * racing. Of the postures of a Franka arm three quarters are not damped. A chain of fewer than six
 * joints is always damped: it does what it can.
 *
 * <p>Keeps scratch memory, so each thread owns its own; no call allocates.
 */
public final class DampedInverse {
  private static final int ROWS = 6;
  private static final double REGULAR = 0.005;
  private static final double DAMPING_MAX = 0.1;

  private final SerialChain chain;
  private final int joints;
  private final double length;
  private final double[] jacobian;
  private final double[] gram = new double[ROWS * ROWS];
  private final double[] factor = new double[ROWS * ROWS]; // lower triangle
  private final double[] wanted = new double[ROWS];
  private double damping;

  public DampedInverse(Robot robot) {
    chain = new SerialChain(robot);
    joints = robot.jointCount();
    length = robot.chain().stream().mapToDouble(DampedInverse::length).filter(m -> m > 0).sum();
    jacobian = new double[ROWS * joints];
  }

  /**
   * Finds the velocities.
   *
   * @param positions of the joints in command order, rad or m; longer arrays are fine
   * @param twist vx vy vz (m/s) wx wy wz (rad/s)
   * @param inTool whether the twist is told along the tool's axes; else along the base frame's.
   *     Either way it is that of the tool point
   * @param velocities receives rad/s or m/s for each joint; 0 for those outside the chain
   */
  public void solve(double[] positions, double[] twist, boolean inTool, double[] velocities) {
    chain.jacobian(positions, jacobian);
    for (int k = 0; k < 3 * joints; k++) {
      jacobian[k] /= length;
    }
    System.arraycopy(twist, 0, wanted, 0, ROWS);
    if (inTool) {
      chain.turnToBase(wanted, 0);
      chain.turnToBase(wanted, 3);
    }
    for (int row = 0; row < 3; row++) {
      wanted[row] /= length;
    }
    multiplyOut();
    double manipulability = decompose(0);
    damping = DAMPING_MAX * Math.max(0, 1 - manipulability / REGULAR);
    if (damping > 0) {
      double _ = decompose(damping * damping);
    }
    substitute();
    for (int j = 0; j < joints; j++) {
      double sum = 0;
      for (int row = 0; row < ROWS; row++) {
        sum += jacobian[row * joints + j] * wanted[row];
      }
      velocities[j] = sum;
    }
  }

  /** λ of the last solution: 0 where it brings the twist about exactly. */
  public double damping() {
    return damping;
  }

  private void multiplyOut() {
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column <= row; column++) {
        double sum = 0;
        for (int j = 0; j < joints; j++) {
          sum += jacobian[row * joints + j] * jacobian[column * joints + j];
        }
        gram[row * ROWS + column] = sum;
      }
    }
  }

  /**
   * Cholesky's decomposition of the damped product.
   *
   * @return the root of its determinant; 0 where it has no decomposition
   */
  private double decompose(double added) {
    double root = 1;
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column <= row; column++) {
        double rest = gram[row * ROWS + column] + (row == column ? added : 0);
        for (int k = 0; k < column; k++) {
          rest -= factor[row * ROWS + k] * factor[column * ROWS + k];
        }
        if (row > column) {
          factor[row * ROWS + column] = rest / factor[column * ROWS + column];
        } else if (rest > 0) {
          factor[row * ROWS + row] = Math.sqrt(rest);
          root *= factor[row * ROWS + row];
        } else {
          return 0;
        }
      }
    }
    return root;
  }

  /** Solves in place, forwards and then backwards. */
  private void substitute() {
    for (int row = 0; row < ROWS; row++) {
      for (int k = 0; k < row; k++) {
        wanted[row] -= factor[row * ROWS + k] * wanted[k];
      }
      wanted[row] /= factor[row * ROWS + row];
    }
    for (int row = ROWS - 1; row >= 0; row--) {
      for (int k = row + 1; k < ROWS; k++) {
        wanted[row] -= factor[k * ROWS + row] * wanted[k];
      }
      wanted[row] /= factor[row * ROWS + row];
    }
  }

  private static double length(ChainLink link) {
    return Math.hypot(Math.hypot(link.x(), link.y()), link.z());
  }
}
