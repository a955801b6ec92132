package dev.forearm.calibration.handeye;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;

final class WhiteningTest {
  @Test
  void whatIsWhitenedHasAUnitCovariance() {
    Random random = new Random(3);
    DMatrixRMaj byJoints = RandomMatrices_DDRM.rectangle(12, 8, -500, 500, random);
    for (int row = 0; row < 12; row++) {
      byJoints.set(row, 7, 0); // a finger
    }
    double[] jointNoise = {1e-3, 2e-3, 1e-3, 3e-3, 1e-3, 1e-3, 2e-3, 1e-4};
    double[] precision = random.doubles(12, 1, 5).toArray();
    DMatrixRMaj covariance = new DMatrixRMaj(12, 12);
    for (int row = 0; row < 12; row++) {
      covariance.set(row, row, 1 / (precision[row] * precision[row]));
    }
    DMatrixRMaj shifted = byJoints.copy();
    CommonOps_DDRM.multCols(shifted, jointNoise);
    CommonOps_DDRM.multAddTransB(shifted, shifted, covariance);

    DMatrixRMaj whitener = CommonOps_DDRM.identity(12);
    new Whitening(byJoints, jointNoise, precision).apply(whitener);

    DMatrixRMaj white =
        CommonOps_DDRM.multTransB(CommonOps_DDRM.mult(whitener, covariance, null), whitener, null);
    assertTrue(
        MatrixFeatures_DDRM.isIdentical(CommonOps_DDRM.identity(12), white, 1e-9), white::toString);
  }
}
