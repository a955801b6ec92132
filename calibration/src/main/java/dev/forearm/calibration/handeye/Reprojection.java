package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.PinholeCamera;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Where a setup has the corners of a capture, against where they were seen, and how that changes
 * with each of the setup's numbers. Keeps scratch; one thread.
 */
final class Reprojection {
  private final HandEyeProblem problem;
  private final ArmReadings arm;
  private final double[] pixel = new double[2];
  private final DMatrixRMaj byPoint = new DMatrixRMaj(2, 3);
  private final DMatrixRMaj byCamera = new DMatrixRMaj(2, PinholeCamera.PARAMETERS);

  Reprojection(HandEyeProblem problem) {
    this.problem = problem;
    arm = new ArmReadings(problem.robot());
  }

  /** Rows of a capture: u and v of each corner. */
  static int rows(Capture capture) {
    return capture.view().pixels().length;
  }

  /** Writes projected minus seen from {@code at} on, px. */
  void residuals(Setup setup, Capture capture, double[] residuals, int at) {
    Se3_F64 cameraFromBoard =
        setup
            .handEye()
            .cameraFromBoard(
                problem.mountFromHolder(arm.baseFromTool(capture.joints(), setup.offsets())));
    Point3D_F64 point = new Point3D_F64();
    int[] corners = capture.view().corners();
    double[] seen = capture.view().pixels();
    for (int i = 0; i < corners.length; i++) {
      point.setTo(problem.board().x(corners[i]), problem.board().y(corners[i]), 0);
      cameraFromBoard.transform(point, point);
      setup.camera().project(point.x, point.y, point.z, pixel);
      residuals[at + 2 * i] = pixel[0] - seen[2 * i];
      residuals[at + 2 * i + 1] = pixel[1] - seen[2 * i + 1];
    }
  }

  /**
   * How the residuals of a capture change: [row][number of the setup], the rotations by their
   * rotation vectors.
   *
   * @param numbers the setup's {@link Setup#numbers}
   */
  DMatrixRMaj derivatives(Setup setup, double[] numbers, Capture capture) {
    int joints = setup.offsets().length;
    int[] corners = capture.view().corners();
    DMatrixRMaj all = new DMatrixRMaj(2 * corners.length, Setup.size(joints));
    Se3_F64 baseFromTool = arm.baseFromTool(capture.joints(), setup.offsets());
    DMatrixRMaj jacobian = arm.jacobian(capture.joints(), setup.offsets());
    Se3_F64 mountFromHolder = problem.mountFromHolder(baseFromTool);
    Se3_F64 mountFromCamera = setup.handEye().mountFromCamera();
    Se3_F64 holderFromBoard = setup.handEye().holderFromBoard();
    DMatrixRMaj cameraTurn = Poses.leftJacobian(numbers[3], numbers[4], numbers[5]);
    DMatrixRMaj boardTurn = Poses.leftJacobian(numbers[9], numbers[10], numbers[11]);
    DMatrixRMaj cameraFromMount = CommonOps_DDRM.transpose(mountFromCamera.R, null);
    DMatrixRMaj cameraFromHolder = CommonOps_DDRM.mult(cameraFromMount, mountFromHolder.R, null);
    Point3D_F64 onBoard = new Point3D_F64();
    Point3D_F64 onHolder = new Point3D_F64();
    Point3D_F64 onMount = new Point3D_F64();
    Point3D_F64 seen = new Point3D_F64();
    for (int i = 0; i < corners.length; i++) {
      onBoard.setTo(problem.board().x(corners[i]), problem.board().y(corners[i]), 0);
      holderFromBoard.transform(onBoard, onHolder);
      mountFromHolder.transform(onHolder, onMount);
      mountFromCamera.transformReverse(onMount, seen);
      setup.camera().derivatives(seen.x, seen.y, seen.z, byPoint.data, byCamera.data);

      DMatrixRMaj byMount = CommonOps_DDRM.mult(byPoint, cameraFromMount, null);
      DMatrixRMaj byHolder = CommonOps_DDRM.mult(byPoint, cameraFromHolder, null);
      DMatrixRMaj fromCamera =
          Poses.cross(
              onMount.x - mountFromCamera.T.x,
              onMount.y - mountFromCamera.T.y,
              onMount.z - mountFromCamera.T.z);
      DMatrixRMaj fromBoard =
          Poses.cross(
              onHolder.x - holderFromBoard.T.x,
              onHolder.y - holderFromBoard.T.y,
              onHolder.z - holderFromBoard.T.z);
      insert(byMount, -1, all, 2 * i, 0);
      insert(product(product(byMount, fromCamera), cameraTurn), 1, all, 2 * i, 3);
      insert(byHolder, 1, all, 2 * i, Poses.SIZE);
      insert(product(product(byHolder, fromBoard), boardTurn), -1, all, 2 * i, Poses.SIZE + 3);
      insert(
          product(byMount, withJoints(jacobian, baseFromTool, onHolder, onMount)),
          1,
          all,
          2 * i,
          Setup.place(0));
      insert(byCamera, 1, all, 2 * i, Setup.place(joints));
    }
    return all;
  }

  /** How a point that rests on the holder moves in the mount's frame with each joint. */
  private DMatrixRMaj withJoints(
      DMatrixRMaj jacobian, Se3_F64 baseFromTool, Point3D_F64 onHolder, Point3D_F64 onMount) {
    Point3D_F64 inBase =
        switch (problem.mounting()) {
          case EYE_IN_HAND -> onHolder;
          case EYE_TO_HAND -> onMount;
        };
    double x = inBase.x - baseFromTool.T.x;
    double y = inBase.y - baseFromTool.T.y;
    double z = inBase.z - baseFromTool.T.z;
    DMatrixRMaj moved = new DMatrixRMaj(3, jacobian.numCols); // as if fixed to the tool, in base
    for (int j = 0; j < jacobian.numCols; j++) {
      double wx = jacobian.get(3, j);
      double wy = jacobian.get(4, j);
      double wz = jacobian.get(5, j);
      moved.set(0, j, jacobian.get(0, j) + wy * z - wz * y);
      moved.set(1, j, jacobian.get(1, j) + wz * x - wx * z);
      moved.set(2, j, jacobian.get(2, j) + wx * y - wy * x);
    }
    return switch (problem.mounting()) {
      case EYE_TO_HAND -> moved;
      case EYE_IN_HAND -> {
        DMatrixRMaj back = CommonOps_DDRM.multTransA(baseFromTool.R, moved, null);
        CommonOps_DDRM.changeSign(back);
        yield back;
      }
    };
  }

  private static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
    return CommonOps_DDRM.mult(a, b, null);
  }

  private static void insert(DMatrixRMaj part, double sign, DMatrixRMaj all, int row, int column) {
    for (int i = 0; i < part.numRows; i++) {
      for (int j = 0; j < part.numCols; j++) {
        all.set(row + i, column + j, sign * part.get(i, j));
      }
    }
  }
}
