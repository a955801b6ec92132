package dev.forearm.calibration.handeye;

import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.UnitQuaternion;
import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.se.Se3_F64;
import georegression.struct.so.Quaternion_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** Poses as six numbers: translation in m, then the rotation vector (axis times angle, rad). */
final class Poses {
  static final int SIZE = 6;
  private static final double SMALL_RAD = 1e-6;

  private Poses() {}

  static Se3_F64 product(Se3_F64 outer, Se3_F64 inner) {
    return inner.concat(outer, new Se3_F64());
  }

  static Se3_F64 inverse(Se3_F64 pose) {
    return pose.invert(new Se3_F64());
  }

  static void write(Se3_F64 pose, double[] six, int at) {
    six[at] = pose.T.x;
    six[at + 1] = pose.T.y;
    six[at + 2] = pose.T.z;
    System.arraycopy(rotationVector(pose.R), 0, six, at + 3, 3);
  }

  static Se3_F64 read(double[] six, int at) {
    Se3_F64 pose = new Se3_F64();
    pose.T.setTo(six[at], six[at + 1], six[at + 2]);
    ConvertRotation3D_F64.rodriguesToMatrix(six[at + 3], six[at + 4], six[at + 5], pose.R);
    return pose;
  }

  /** Axis times angle, rad, of at most half a turn. */
  static double[] rotationVector(DMatrixRMaj rotation) {
    Quaternion_F64 q = ConvertRotation3D_F64.matrixToQuaternion(rotation, null);
    double sign = q.w < 0 ? -1 : 1;
    double sine = Math.sqrt(q.x * q.x + q.y * q.y + q.z * q.z);
    double scale = sign * (sine < 1e-12 ? 2 : 2 * Math.atan2(sine, sign * q.w) / sine);
    return new double[] {scale * q.x, scale * q.y, scale * q.z};
  }

  /** rad. */
  static double angle(DMatrixRMaj rotation) {
    return length(rotationVector(rotation));
  }

  /** How far apart two poses of one frame are turned, rad. */
  static double angle(Se3_F64 a, Se3_F64 b) {
    return angle(product(inverse(a), b).R);
  }

  /** How far apart the origins of two poses of one frame are, m. */
  static double distance(Se3_F64 a, Se3_F64 b) {
    return a.T.distance(b.T);
  }

  static double length(double[] v) {
    return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  }

  /**
   * How a rotation turns further as its rotation vector w changes: exp(w + dw) = exp(J dw) exp(w).
   * Left Jacobian of SO(3), e.g. Barfoot, State Estimation for Robotics, 7.77b.
   */
  static DMatrixRMaj leftJacobian(double wx, double wy, double wz) {
    double[] w = {wx, wy, wz};
    double angle = length(w);
    double a = angle < SMALL_RAD ? 0.5 : (1 - Math.cos(angle)) / (angle * angle);
    double b = angle < SMALL_RAD ? 1.0 / 6 : (angle - Math.sin(angle)) / (angle * angle * angle);
    DMatrixRMaj k = cross(wx, wy, wz);
    DMatrixRMaj jacobian = CommonOps_DDRM.identity(3);
    CommonOps_DDRM.addEquals(jacobian, a, k);
    CommonOps_DDRM.multAdd(b, k, k, jacobian);
    return jacobian;
  }

  /**
   * The covariance of a pose's six numbers as one of its origin and of how far it is turned about
   * the axes of its frame, which is not how far its rotation vector changes.
   *
   * @param six the pose
   */
  static DMatrixRMaj turned(DMatrixRMaj covariance, double[] six, int at) {
    DMatrixRMaj change = CommonOps_DDRM.identity(SIZE);
    CommonOps_DDRM.insert(leftJacobian(six[at + 3], six[at + 4], six[at + 5]), change, 3, 3);
    DMatrixRMaj changed = CommonOps_DDRM.mult(change, covariance, null);
    return CommonOps_DDRM.multTransB(changed, change, null);
  }

  /** The matrix of the cross product: times v is w x v. */
  static DMatrixRMaj cross(double wx, double wy, double wz) {
    return new DMatrixRMaj(new double[][] {{0, -wz, wy}, {wz, 0, -wx}, {-wy, wx, 0}});
  }

  /** The rotation nearest to a matrix (Kabsch). */
  static DMatrixRMaj nearestRotation(DMatrixRMaj matrix) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(3, 3, true, true, true);
    svd.decompose(matrix.copy());
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    SingularOps_DDRM.descendingOrder(u, false, svd.getSingularValues(), 3, v, false);
    DMatrixRMaj rotation = new DMatrixRMaj(3, 3);
    CommonOps_DDRM.multTransB(u, v, rotation);
    if (CommonOps_DDRM.det(rotation) < 0) {
      for (int row = 0; row < 3; row++) {
        u.set(row, 2, -u.get(row, 2));
      }
      CommonOps_DDRM.multTransB(u, v, rotation);
    }
    return rotation;
  }

  static RigidTransform named(String to, String from, Se3_F64 pose) {
    Quaternion_F64 q = ConvertRotation3D_F64.matrixToQuaternion(pose.R, null);
    return new RigidTransform(
        to, from, pose.T.x, pose.T.y, pose.T.z, new UnitQuaternion(q.w, q.x, q.y, q.z));
  }
}
