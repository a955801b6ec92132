package dev.forearm.calibration.handeye;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.LeftOut;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.calibration.synthetic.SyntheticRig.Tilt;
import dev.forearm.runtime.RuntimeFault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HandEyeCalibrationTest {
  private static final Set<Freedom> POSES = EnumSet.noneOf(Freedom.class);
  private static final Set<Freedom> OFFSETS = EnumSet.of(Freedom.JOINT_OFFSETS);
  private static final double[] NONE = new double[Rigs.ROBOT.jointCount()];
  private static final int SEEDS = 4;

  @ParameterizedTest
  @EnumSource
  void twentyPosesPlaceACameraToAMillimetreAndATenthOfADegree(Mounting mounting) {
    double mm = 0;
    double deg = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      SyntheticRig rig = Rigs.rig(mounting, seed);
      HandEyeFinding found = solved(rig.captures(20, Tilt.GUIDED, NONE, Noise.USUAL), OFFSETS);
      mm += square(mm(rig, found));
      deg += square(deg(rig, found));
      assertTrue(mm(rig, found) < 3 * found.errorMm(), found::toString);
      assertTrue(deg(rig, found) < 3 * found.errorDeg(), found::toString);
      assertEquals(20, found.heldOut().size());
      assertTrue(found.heldOutMm() < 3 && found.heldOutPx() < 3, found::toString);
    }
    double rootMm = Math.sqrt(mm / SEEDS);
    double rootDeg = Math.sqrt(deg / SEEDS);
    assertTrue(rootMm < 1, () -> "mm " + rootMm);
    assertTrue(rootDeg < 0.1, () -> "deg " + rootDeg);
  }

  @ParameterizedTest
  @EnumSource
  void jointOffsetsOfADegreeAreFoundToATwentieth(Mounting mounting) {
    double squares = 0;
    int count = 0;
    int[] told = new ArmReadings(Rigs.ROBOT).toldApart();
    for (long seed = 11; seed < 11 + SEEDS; seed++) {
      SyntheticRig rig = Rigs.rig(mounting, seed);
      double[] offsets = NONE.clone();
      SplittableRandom random = new SplittableRandom(seed);
      for (int joint : told) {
        offsets[joint] = Math.toRadians(random.nextDouble(-1, 1));
      }
      HandEyeFinding found = solved(rig.captures(30, Tilt.GUIDED, offsets, Noise.USUAL), OFFSETS);
      for (int joint : told) {
        HandEyeFinding.Offset offset = found.offsets().get(joint);
        double error = offset.rad() - offsets[joint];
        squares += square(Math.toDegrees(error));
        count++;
        assertTrue(Math.abs(error) < 4 * offset.errorRad(), offset::toString);
      }
      assertTrue(mm(rig, found) < 1.5, found::toString);
      assertTrue(deg(rig, found) < 0.15, found::toString);
    }
    double root = Math.sqrt(squares / count);
    assertTrue(root < 0.05, () -> "deg " + root);
  }

  @Test
  void aCameraThatIsNotQuiteAsGivenIsAdjusted() {
    SyntheticRig rig = Rigs.rig(Mounting.EYE_IN_HAND, 21);
    HandEyeProblem problem = rig.captures(25, Tilt.GUIDED, NONE, Noise.USUAL);
    double[] numbers = Rigs.CAMERA.parameters();
    numbers[0] *= 1.005;
    numbers[1] *= 1.005;
    PinholeCamera given = Rigs.CAMERA.with(numbers, 0);
    HandEyeProblem off =
        new HandEyeProblem(
            problem.mounting(), problem.robot(), given, problem.board(), problem.captures());
    HandEyeFinding found = solved(off, EnumSet.of(Freedom.INTRINSICS));
    assertEquals(Rigs.CAMERA.fx(), found.camera().fx(), 1);
    assertTrue(mm(rig, found) < mm(rig, solved(off, POSES)), found::toString);
  }

  @Test
  void aCaptureThatDoesNotFitIsLeftOutByName() {
    SyntheticRig rig = Rigs.rig(Mounting.EYE_TO_HAND, 31);
    HandEyeProblem problem = rig.captures(20, Tilt.GUIDED, NONE, Noise.USUAL);
    problem.captures().get(4).joints()[2] += Math.toRadians(1);
    problem.captures().get(13).view().pixels()[17] += 60;
    HandEyeFinding found = solved(problem, OFFSETS);
    assertEquals(
        List.of("capture 13", "capture 4"), found.leftOut().stream().map(LeftOut::name).toList());
    assertTrue(found.leftOut().get(1).why().contains("wanted 3 or less"), found::toString);
    assertTrue(mm(rig, found) < 1.5, found::toString);
  }

  @Test
  void motionThatDoesNotTellIsRefusedAndSaidWhich() {
    SyntheticRig rig = Rigs.rig(Mounting.EYE_IN_HAND, 41);
    assertRefused(rig.captures(5, Tilt.GUIDED, NONE, Noise.USUAL), "found 5 poses, wanted 8");
    assertRefused(
        rig.captures(20, new Tilt(4, 4, 4), NONE, Noise.USUAL), "too small a rotation span");
    assertRefused(
        rig.captures(20, new Tilt(0.5, 0.5, 60), NONE, Noise.USUAL),
        "parallel axes",
        "nod: tilt it up and down");
  }

  @Test
  void anotherBoardIsRefused() {
    SyntheticRig rig = Rigs.rig(Mounting.EYE_IN_HAND, 51);
    HandEyeProblem problem = rig.captures(12, Tilt.GUIDED, NONE, Noise.USUAL);
    assertRefused(on(problem, Board.chess(6, 9, 0.022)), "another board");
    assertRefused(on(problem, Board.chess(9, 6, 0.026)), "the board's square as given");
  }

  @Test
  void aBoardThatMovedMidwayIsRefused() {
    SyntheticRig before = Rigs.rig(Mounting.EYE_IN_HAND, 61);
    SyntheticRig after = Rigs.rig(Mounting.EYE_IN_HAND, 62);
    HandEyeProblem problem = before.captures(10, Tilt.GUIDED, NONE, Noise.USUAL);
    List<Capture> both = new ArrayList<>(problem.captures());
    both.addAll(after.captures(10, Tilt.GUIDED, NONE, Noise.USUAL).captures());
    assertRefused(problem.of(both), "hand-eye: ");
  }

  private static HandEyeProblem on(HandEyeProblem problem, Board board) {
    return new HandEyeProblem(
        problem.mounting(), problem.robot(), problem.camera(), board, problem.captures());
  }

  private static void assertRefused(HandEyeProblem problem, String... words) {
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> solved(problem, POSES));
    for (String word : words) {
      assertTrue(fault.toString().contains(word), fault::toString);
    }
  }

  private static HandEyeFinding solved(HandEyeProblem problem, Set<Freedom> freedoms) {
    return HandEyeCalibration.of(problem, freedoms, Noise.USUAL);
  }

  private static double mm(SyntheticRig rig, HandEyeFinding found) {
    return 1e3 * Poses.distance(rig.truth().mountFromCamera(), found.handEye().mountFromCamera());
  }

  private static double deg(SyntheticRig rig, HandEyeFinding found) {
    return Math.toDegrees(
        Poses.angle(rig.truth().mountFromCamera(), found.handEye().mountFromCamera()));
  }

  private static double square(double value) {
    return value * value;
  }
}
