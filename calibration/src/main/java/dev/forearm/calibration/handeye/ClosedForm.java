package dev.forearm.calibration.handeye;

import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.point.Vector3D_F64;
import georegression.struct.se.Se3_F64;
import georegression.struct.so.Quaternion_F64;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Published closed forms. The first three solve {@code A X = X B} from motions between captures, X
 * being {@code mountFromCamera}; the others {@code A Y = X B} from the captures themselves.
 */
public enum ClosedForm {
  /**
   * R. Y. Tsai and R. K. Lenz, A new technique for fully autonomous and efficient 3D robotics
   * hand/eye calibration, IEEE T-RA 5(3), 1989.
   */
  TSAI_LENZ {
    @Override
    public HandEye solve(List<PosePair> pairs) {
      List<PosePair.Motion> motions = PosePair.motions(pairs);
      Normal normal = new Normal(3);
      for (PosePair.Motion motion : motions) {
        double[] a = halfTurn(motion.mount().R);
        double[] b = halfTurn(motion.camera().R);
        DMatrixRMaj sum = Poses.cross(a[0] + b[0], a[1] + b[1], a[2] + b[2]);
        normal.add(sum, new double[] {b[0] - a[0], b[1] - a[1], b[2] - a[2]});
      }
      double[] tangent = normal.solution(); // of half the angle, along the axis
      Quaternion_F64 q = new Quaternion_F64(1, tangent[0], tangent[1], tangent[2]);
      q.normalize();
      return withTranslation(ConvertRotation3D_F64.quaternionToMatrix(q, null), motions, pairs);
    }
  },
  /**
   * F. C. Park and B. J. Martin, Robot sensor calibration: solving AX = XB on the Euclidean group,
   * IEEE T-RA 10(5), 1994.
   */
  PARK_MARTIN {
    @Override
    public HandEye solve(List<PosePair> pairs) {
      List<PosePair.Motion> motions = PosePair.motions(pairs);
      DMatrixRMaj sum = new DMatrixRMaj(3, 3);
      for (PosePair.Motion motion : motions) {
        double[] a = Poses.rotationVector(motion.mount().R);
        double[] b = Poses.rotationVector(motion.camera().R);
        for (int row = 0; row < 3; row++) {
          for (int column = 0; column < 3; column++) {
            sum.add(row, column, a[row] * b[column]);
          }
        }
      }
      return withTranslation(Poses.nearestRotation(sum), motions, pairs);
    }
  },
  /** K. Daniilidis, Hand-eye calibration using dual quaternions, IJRR 18(3), 1999. */
  DANIILIDIS {
    @Override
    public HandEye solve(List<PosePair> pairs) {
      DMatrixRMaj normal = new DMatrixRMaj(8, 8);
      DMatrixRMaj rows = new DMatrixRMaj(6, 8);
      for (PosePair.Motion motion : PosePair.motions(pairs)) {
        double[] a = dualQuaternion(motion.mount());
        double[] b = dualQuaternion(motion.camera());
        rows.zero();
        daniilidisRows(a, b, 1, rows, 0, 0);
        daniilidisRows(a, b, 5, rows, 3, 0);
        daniilidisRows(a, b, 1, rows, 3, 4);
        CommonOps_DDRM.multAddTransA(rows, rows, normal);
      }
      DMatrixRMaj v = rightVectors(normal);
      return completed(pose(dualQuaternion(column(v, 6), column(v, 7))), pairs);
    }
  },
  /**
   * M. Shah, Solving the robot-world/hand-eye calibration problem using the Kronecker product, ASME
   * J. Mechanisms Robotics 5(3), 2013.
   */
  SHAH {
    @Override
    public HandEye solve(List<PosePair> pairs) {
      DMatrixRMaj sum = new DMatrixRMaj(9, 9);
      DMatrixRMaj product = new DMatrixRMaj(9, 9);
      for (PosePair pair : pairs) {
        CommonOps_DDRM.kron(pair.cameraFromBoard().R, pair.mountFromHolder().R, product);
        CommonOps_DDRM.addEquals(sum, product);
      }
      SingularValueDecomposition_F64<DMatrixRMaj> svd =
          DecompositionFactory_DDRM.svd(9, 9, true, true, true);
      svd.decompose(sum);
      DMatrixRMaj u = svd.getU(null, false);
      DMatrixRMaj v = svd.getV(null, false);
      SingularOps_DDRM.descendingOrder(u, false, svd.getSingularValues(), 9, v, false);
      return withTranslations(rotation(column(u, 0), 0), rotation(column(v, 0), 0), pairs);
    }
  },
  /**
   * A. Li, L. Wang and D. Wu, Simultaneous robot-world and hand-eye calibration using
   * dual-quaternions and Kronecker product, Int. J. Phys. Sci. 5(10), 2010.
   */
  LI {
    @Override
    public HandEye solve(List<PosePair> pairs) {
      DMatrixRMaj one = CommonOps_DDRM.identity(3);
      Normal normal = new Normal(24); // vec Rx, vec Ry, tx, ty
      DMatrixRMaj rows = new DMatrixRMaj(12, 24);
      DMatrixRMaj part = new DMatrixRMaj(9, 9);
      DMatrixRMaj turned = new DMatrixRMaj(3, 9);
      for (PosePair pair : pairs) {
        Se3_F64 a = pair.mountFromHolder();
        Se3_F64 b = pair.cameraFromBoard();
        rows.zero();
        DMatrixRMaj transposed = CommonOps_DDRM.transpose(b.R, null);
        CommonOps_DDRM.kron(transposed, one, part);
        CommonOps_DDRM.insert(part, rows, 0, 0);
        CommonOps_DDRM.kron(one, a.R, part);
        CommonOps_DDRM.changeSign(part);
        CommonOps_DDRM.insert(part, rows, 0, 9);
        CommonOps_DDRM.kron(new DMatrixRMaj(new double[][] {{b.T.x, b.T.y, b.T.z}}), one, turned);
        CommonOps_DDRM.insert(turned, rows, 9, 0);
        CommonOps_DDRM.insert(one, rows, 9, 18);
        DMatrixRMaj back = a.R.copy();
        CommonOps_DDRM.changeSign(back);
        CommonOps_DDRM.insert(back, rows, 9, 21);
        double[] wanted = new double[12];
        wanted[9] = a.T.x;
        wanted[10] = a.T.y;
        wanted[11] = a.T.z;
        normal.add(rows, wanted);
      }
      double[] found = normal.solution();
      return withTranslations(rotation(found, 0), rotation(found, 9), pairs);
    }
  };

  /**
   * Solves it.
   *
   * @param pairs three or more, whose motions turn about axes that are not parallel; what comes of
   *     others is of no use
   */
  public abstract HandEye solve(List<PosePair> pairs);

  /** Least squares, row by row. */
  private static final class Normal {
    private final DMatrixRMaj matrix;
    private final DMatrixRMaj right;

    Normal(int size) {
      matrix = new DMatrixRMaj(size, size);
      right = new DMatrixRMaj(size, 1);
    }

    void add(DMatrixRMaj rows, double[] wanted) {
      CommonOps_DDRM.multAddTransA(rows, rows, matrix);
      CommonOps_DDRM.multAddTransA(rows, DMatrixRMaj.wrap(wanted.length, 1, wanted), right);
    }

    /** The shortest, where there are several. */
    double[] solution() {
      DMatrixRMaj inverse = new DMatrixRMaj(matrix.numRows, matrix.numRows);
      CommonOps_DDRM.pinv(matrix, inverse);
      DMatrixRMaj solution = new DMatrixRMaj(matrix.numRows, 1);
      CommonOps_DDRM.mult(inverse, right, solution);
      return solution.getData();
    }
  }

  /** Axis times twice the sine of half the angle. */
  private static double[] halfTurn(DMatrixRMaj rotation) {
    Quaternion_F64 q = ConvertRotation3D_F64.matrixToQuaternion(rotation, null);
    double twice = q.w < 0 ? -2 : 2;
    return new double[] {twice * q.x, twice * q.y, twice * q.z};
  }

  /** (R_mount - 1) t = R t_camera - t_mount, in least squares; and the board from it. */
  private static HandEye withTranslation(
      DMatrixRMaj rotation, List<PosePair.Motion> motions, List<PosePair> pairs) {
    Normal normal = new Normal(3);
    for (PosePair.Motion motion : motions) {
      DMatrixRMaj rows = motion.mount().R.copy();
      for (int i = 0; i < 3; i++) {
        rows.add(i, i, -1);
      }
      double[] wanted = turned(rotation, motion.camera().T);
      normal.add(
          rows,
          new double[] {
            wanted[0] - motion.mount().T.x,
            wanted[1] - motion.mount().T.y,
            wanted[2] - motion.mount().T.z
          });
    }
    return completed(pose(rotation, normal.solution(), 0), pairs);
  }

  /** The board's pose on its holder that fits a camera's best: the mean over captures. */
  private static HandEye completed(Se3_F64 mountFromCamera, List<PosePair> pairs) {
    DMatrixRMaj rotation = new DMatrixRMaj(3, 3);
    double[] origin = new double[3];
    for (PosePair pair : pairs) {
      Se3_F64 holderFromBoard =
          Poses.product(
              Poses.inverse(pair.mountFromHolder()),
              Poses.product(mountFromCamera, pair.cameraFromBoard()));
      CommonOps_DDRM.addEquals(rotation, holderFromBoard.R);
      origin[0] += holderFromBoard.T.x / pairs.size();
      origin[1] += holderFromBoard.T.y / pairs.size();
      origin[2] += holderFromBoard.T.z / pairs.size();
    }
    return new HandEye(mountFromCamera, pose(Poses.nearestRotation(rotation), origin, 0));
  }

  /** tx - R_arm ty = t_arm - Rx t_camera, in least squares. */
  private static HandEye withTranslations(
      DMatrixRMaj camera, DMatrixRMaj board, List<PosePair> pairs) {
    Normal normal = new Normal(6);
    for (PosePair pair : pairs) {
      DMatrixRMaj rows = new DMatrixRMaj(3, 6);
      CommonOps_DDRM.insert(CommonOps_DDRM.identity(3), rows, 0, 0);
      DMatrixRMaj back = pair.mountFromHolder().R.copy();
      CommonOps_DDRM.changeSign(back);
      CommonOps_DDRM.insert(back, rows, 0, 3);
      double[] seen = turned(camera, pair.cameraFromBoard().T);
      Vector3D_F64 arm = pair.mountFromHolder().T;
      normal.add(rows, new double[] {arm.x - seen[0], arm.y - seen[1], arm.z - seen[2]});
    }
    double[] found = normal.solution();
    return new HandEye(pose(camera, found, 0), pose(board, found, 3));
  }

  /** A block of Daniilidis' matrix: [a - b, (a + b) x] of real or dual parts. */
  private static void daniilidisRows(
      double[] a, double[] b, int part, DMatrixRMaj rows, int row, int column) {
    for (int i = 0; i < 3; i++) {
      rows.set(row + i, column, a[part + i] - b[part + i]);
    }
    CommonOps_DDRM.insert(
        Poses.cross(a[part] + b[part], a[part + 1] + b[part + 1], a[part + 2] + b[part + 2]),
        rows,
        row,
        column + 1);
  }

  /** Real and dual part, w x y z each; the real w is not negative. */
  private static double[] dualQuaternion(Se3_F64 pose) {
    Quaternion_F64 q = ConvertRotation3D_F64.matrixToQuaternion(pose.R, null);
    double sign = q.w < 0 ? -1 : 1;
    double w = sign * q.w;
    double x = sign * q.x;
    double y = sign * q.y;
    double z = sign * q.z;
    Vector3D_F64 t = pose.T;
    return new double[] {
      w,
      x,
      y,
      z,
      -0.5 * (t.x * x + t.y * y + t.z * z),
      0.5 * (t.x * w + t.y * z - t.z * y),
      0.5 * (t.y * w + t.z * x - t.x * z),
      0.5 * (t.z * w + t.x * y - t.y * x)
    };
  }

  /** The unit dual quaternion in the span of two vectors: Daniilidis, section 6. */
  private static double[] dualQuaternion(double[] first, double[] second) {
    double a = dot(first, 0, first, 4);
    double b = dot(first, 0, second, 4) + dot(first, 4, second, 0);
    double c = dot(second, 0, second, 4);
    double[][] ratios; // of the share of the first to that of the second
    if (Math.abs(a) > 1e-14) {
      double root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
      ratios = new double[][] {{(-b + root) / (2 * a), 1}, {(-b - root) / (2 * a), 1}};
    } else {
      ratios = new double[][] {{1, 0}, {-c, b}};
    }
    double best = -1;
    double[] shares = ratios[0];
    for (double[] ratio : ratios) {
      double norm =
          ratio[0] * ratio[0] * dot(first, 0, first, 0)
              + 2 * ratio[0] * ratio[1] * dot(first, 0, second, 0)
              + ratio[1] * ratio[1] * dot(second, 0, second, 0);
      double part = norm / (ratio[0] * ratio[0] + ratio[1] * ratio[1]);
      if (part > best) {
        best = part;
        shares = new double[] {ratio[0] / Math.sqrt(norm), ratio[1] / Math.sqrt(norm)};
      }
    }
    double[] dual = new double[8];
    for (int i = 0; i < 8; i++) {
      dual[i] = shares[0] * first[i] + shares[1] * second[i];
    }
    return dual;
  }

  private static double dot(double[] a, int atA, double[] b, int atB) {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += a[atA + i] * b[atB + i];
    }
    return sum;
  }

  /** Translation: twice the dual part times the conjugate of the real one. */
  private static Se3_F64 pose(double[] dual) {
    double w = dual[0];
    double x = dual[1];
    double y = dual[2];
    double z = dual[3];
    double[] origin = {
      2 * (-dual[4] * x + dual[5] * w - dual[6] * z + dual[7] * y),
      2 * (-dual[4] * y + dual[5] * z + dual[6] * w - dual[7] * x),
      2 * (-dual[4] * z - dual[5] * y + dual[6] * x + dual[7] * w)
    };
    return pose(
        ConvertRotation3D_F64.quaternionToMatrix(new Quaternion_F64(w, x, y, z), null), origin, 0);
  }

  private static Se3_F64 pose(DMatrixRMaj rotation, double[] origin, int at) {
    Se3_F64 pose = new Se3_F64();
    pose.R.setTo(rotation);
    pose.T.setTo(origin[at], origin[at + 1], origin[at + 2]);
    return pose;
  }

  /** The rotation nearest to a matrix given column by column, up to scale and sign. */
  private static DMatrixRMaj rotation(double[] columns, int at) {
    DMatrixRMaj matrix = new DMatrixRMaj(3, 3);
    for (int i = 0; i < 9; i++) {
      matrix.set(i % 3, i / 3, columns[at + i]);
    }
    if (CommonOps_DDRM.det(matrix) < 0) {
      CommonOps_DDRM.changeSign(matrix);
    }
    return Poses.nearestRotation(matrix);
  }

  private static double[] turned(DMatrixRMaj rotation, Vector3D_F64 v) {
    double[] turned = new double[3];
    for (int i = 0; i < 3; i++) {
      turned[i] = rotation.get(i, 0) * v.x + rotation.get(i, 1) * v.y + rotation.get(i, 2) * v.z;
    }
    return turned;
  }

  /** In the order of falling singular values. */
  private static DMatrixRMaj rightVectors(DMatrixRMaj square) {
    int size = square.numRows;
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(size, size, false, true, true);
    svd.decompose(square);
    DMatrixRMaj v = svd.getV(null, false);
    SingularOps_DDRM.descendingOrder(null, false, svd.getSingularValues(), size, v, false);
    return v;
  }

  private static double[] column(DMatrixRMaj matrix, int column) {
    double[] values = new double[matrix.numRows];
    for (int row = 0; row < values.length; row++) {
      values[row] = matrix.get(row, column);
    }
    return values;
  }
}
