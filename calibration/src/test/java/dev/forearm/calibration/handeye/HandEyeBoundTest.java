package dev.forearm.calibration.handeye;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.calibration.synthetic.SyntheticRig.Tilt;
import java.util.EnumSet;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

final class HandEyeBoundTest {
  private static final double[] NONE = new double[Rigs.ROBOT.jointCount()];

  @Test
  void itGrowsWithTheNoiseAndFallsWithThePosesAndWithWhatIsKnown() {
    SyntheticRig rig = Rigs.rig(Mounting.EYE_IN_HAND, 71);
    HandEyeProblem twenty = rig.captures(20, Tilt.GUIDED, NONE, Noise.USUAL);
    HandEyeProblem eighty = rig.captures(80, Tilt.GUIDED, NONE, Noise.USUAL);
    HandEyeBound bound = bound(rig, twenty, true, Noise.USUAL);
    Noise twice = new Noise(2 * Noise.USUAL.cornerPx(), 2 * Noise.USUAL.jointRad());
    assertEquals(2 * bound.mm(), bound(rig, twenty, true, twice).mm(), 1e-9);
    assertEquals(2 * bound.deg(), bound(rig, twenty, true, twice).deg(), 1e-9);
    assertEquals(bound.mm() / 2, bound(rig, eighty, true, Noise.USUAL).mm(), 0.15 * bound.mm());
    assertTrue(bound(rig, twenty, false, Noise.USUAL).mm() > bound.mm());
  }

  @Test
  void theChanceToBeBeyondIsThatOfTheGaussian() {
    DMatrixRMaj covariance = CommonOps_DDRM.identity(6);
    CommonOps_DDRM.scale(1e-6, covariance); // a standard deviation of 1 mm and 1 mrad each way
    HandEyeBound bound = new HandEyeBound(covariance);
    // Of three directions, root(7.815) standard deviations are passed 5 times in 100 (chi square).
    assertEquals(0.05, bound.chanceBeyond(Math.sqrt(7.815), 90), 0.015);
    assertEquals(0.05, bound.chanceBeyond(1e3, Math.toDegrees(1e-3 * Math.sqrt(7.815))), 0.015);
    assertEquals(1, bound.chanceBeyond(0, 0));
  }

  @Test
  void theAdjustmentIsAsGoodAsItAllows() {
    double mm = 0;
    double deg = 0;
    int rigs = 8;
    for (long seed = 81; seed < 81 + rigs; seed++) {
      Mounting mounting = seed % 2 == 0 ? Mounting.EYE_IN_HAND : Mounting.EYE_TO_HAND;
      SyntheticRig rig = Rigs.rig(mounting, seed);
      HandEyeProblem problem = rig.captures(20, Tilt.GUIDED, NONE, Noise.USUAL);
      HandEyeBound bound = bound(rig, problem, true, Noise.USUAL);
      HandEye found =
          HandEyeCalibration.of(problem, EnumSet.of(Freedom.JOINT_OFFSETS), Noise.USUAL).handEye();
      double offMm = 1e3 * Poses.distance(rig.truth().mountFromCamera(), found.mountFromCamera());
      double offDeg =
          Math.toDegrees(Poses.angle(rig.truth().mountFromCamera(), found.mountFromCamera()));
      mm += Math.pow(offMm / bound.mm(), 2) / rigs;
      deg += Math.pow(offDeg / bound.deg(), 2) / rigs;
    }
    // Means of 24 squares each: 1 +- .3 at the bound.
    double squareMm = mm;
    double squareDeg = deg;
    assertTrue(squareMm > 0.3 && squareMm < 2, () -> "mm " + squareMm);
    assertTrue(squareDeg > 0.3 && squareDeg < 2, () -> "deg " + squareDeg);
  }

  private static HandEyeBound bound(
      SyntheticRig rig, HandEyeProblem problem, boolean offsetsKnown, Noise noise) {
    return HandEyeBound.of(problem, rig.truth(), NONE, offsetsKnown, noise);
  }
}
