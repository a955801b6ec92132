package dev.forearm.calibration.handeye;

import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Makes the residuals of one capture independent and of size 1. Each has the noise of its own
 * corner, and all have what the joints' reading errors shift them by, which is larger and the same
 * for all of them:
 *
 * <pre>
 *   covariance = noise of corners + B B^T            B: joints to pixels, times their noise
 *              = D^-1 (1 + U S^2 U^T) D^-1           D: 1 / noise of corners;  D B = U S V^T
 *   whitened   = (1 + U (1 / sqrt(1 + S^2) - 1) U^T) D residuals
 * </pre>
 */
final class Whitening {
  private static final double RANK = 1e-9; // of the largest singular value

  private final double[] precision; // of each row, 1/px
  private final DMatrixRMaj shifts; // [row][k]: orthonormal
  private final double[] sizes; // of each shift, in noises of a corner

  /**
   * @param byJoints how each row changes with each joint, px/rad or px/m
   * @param jointNoise of each joint, rad or m
   * @param precision of each row, 1/px
   */
  Whitening(DMatrixRMaj byJoints, double[] jointNoise, double[] precision) {
    this.precision = precision;
    DMatrixRMaj b = byJoints.copy();
    CommonOps_DDRM.multRows(precision, b);
    CommonOps_DDRM.multCols(b, jointNoise);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(b.numRows, b.numCols, true, false, true);
    svd.decompose(b);
    shifts = svd.getU(null, false);
    double[] all = svd.getSingularValues();
    sizes = new double[Math.min(svd.numberOfSingularValues(), shifts.numCols)];
    double largest = 0;
    for (double size : all) {
      largest = Math.max(largest, size);
    }
    for (int k = 0; k < sizes.length; k++) {
      sizes[k] = all[k] > RANK * largest ? all[k] : 0;
    }
  }

  /** Whitens each column in place. */
  void apply(DMatrixRMaj columns) {
    CommonOps_DDRM.multRows(precision, columns);
    change(columns, size -> 1 / Math.sqrt(1 + size * size) - 1);
  }

  /** Of residuals that are scaled by {@link #precision}: what remains beyond common shifts. */
  DMatrixRMaj ofCorners(DMatrixRMaj residuals) {
    DMatrixRMaj left = residuals.copy();
    CommonOps_DDRM.multRows(precision, left);
    change(left, size -> -size * size / (1 + size * size));
    return left;
  }

  /** Mean square of the common shifts, in what noise has them be: about 1. */
  double shift(DMatrixRMaj residuals) {
    DMatrixRMaj scaled = residuals.copy();
    CommonOps_DDRM.multRows(precision, scaled);
    DMatrixRMaj along = CommonOps_DDRM.multTransA(shifts, scaled, null);
    double sum = 0;
    for (int k = 0; k < sizes.length; k++) {
      if (sizes[k] > 0) {
        sum += along.get(k) * along.get(k) / (1 + sizes[k] * sizes[k]);
      }
    }
    return sum / Math.max(1, rank());
  }

  /** How many ways the joints can shift the board in the picture: at most six. */
  int rank() {
    int rank = 0;
    for (double size : sizes) {
      rank += size > 0 ? 1 : 0;
    }
    return rank;
  }

  private void change(DMatrixRMaj columns, DoubleUnaryOperator by) {
    DMatrixRMaj along = CommonOps_DDRM.multTransA(shifts, columns, null);
    for (int k = 0; k < along.numRows; k++) {
      double factor = k < sizes.length ? by.applyAsDouble(sizes[k]) : 0;
      for (int column = 0; column < along.numCols; column++) {
        along.set(k, column, factor * along.get(k, column));
      }
    }
    CommonOps_DDRM.multAdd(shifts, along, columns);
  }
}
