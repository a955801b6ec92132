package dev.forearm.calibration.handeye;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.calibration.synthetic.SyntheticRig;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReprojectionTest {
  private static final double STEP = 1e-6;

  @ParameterizedTest
  @EnumSource
  void derivativesAreThoseOfTheResidualsAlongAnyDirection(Mounting mounting) {
    SyntheticRig rig = Rigs.rig(mounting, 5);
    SplittableRandom random = new SplittableRandom(6);
    double[] offsets = random.doubles(Rigs.ROBOT.jointCount(), -0.02, 0.02).toArray();
    HandEyeProblem problem = rig.captures(3, SyntheticRig.Tilt.GUIDED, offsets, new Noise(5, 0.01));
    Reprojection reprojection = new Reprojection(problem);
    Setup setup = new Setup(rig.truth(), offsets, problem.camera());
    double[] numbers = setup.numbers();
    for (Capture capture : problem.captures()) {
      DMatrixRMaj derivatives = reprojection.derivatives(setup, numbers, capture);
      double[] direction = random.doubles(numbers.length, -1, 1).toArray();
      DMatrixRMaj wanted =
          CommonOps_DDRM.mult(derivatives, DMatrixRMaj.wrap(direction.length, 1, direction), null);
      double[] ahead = residuals(reprojection, setup, capture, numbers, direction, STEP);
      double[] back = residuals(reprojection, setup, capture, numbers, direction, -STEP);
      for (int row = 0; row < ahead.length; row++) {
        double slope = (ahead[row] - back[row]) / (2 * STEP);
        assertEquals(slope, wanted.get(row), 1e-5 * (1 + Math.abs(slope)), "row " + row);
      }
    }
  }

  private static double[] residuals(
      Reprojection reprojection,
      Setup setup,
      Capture capture,
      double[] numbers,
      double[] direction,
      double step) {
    double[] moved = numbers.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    double[] residuals = new double[Reprojection.rows(capture)];
    reprojection.residuals(setup.with(moved), capture, residuals, 0);
    return residuals;
  }
}
