package dev.forearm.calibration.handeye;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.BoardPose;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.calibration.synthetic.SyntheticRig.Tilt;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An arm that goes wherever it is proposed to go, from one pose at which the board is seen. */
final class PoseProposalsTest {
  private static final double[] EXACT = new double[Rigs.ROBOT.jointCount()];
  private static final Noise NOISE = new Noise(0.3, Math.toRadians(0.05));
  private static final int TOURS = 2;
  private static final int PROPOSALS = 40;

  private final SerialChain chain = new SerialChain(Rigs.ROBOT);

  @ParameterizedTest
  @EnumSource
  void fromOneCaptureTheyLeadToAllThatTheCoachWants(Mounting mounting) {
    int proposed = 0;
    int unseen = 0;
    for (long seed = 901; seed < 901 + TOURS; seed++) {
      long rigSeed = seed;
      SyntheticRig rig = Rigs.rig(mounting, seed);
      HandEyeProblem bare = problem(mounting, List.of());
      PoseProposals proposals = new PoseProposals(bare);
      double[] standing = seeing(rig);
      List<Capture> captures = new ArrayList<>();
      captures.add(rig.capture("0", standing, EXACT, NOISE));
      for (int i = 1; i < PROPOSALS && !enough(captures); i++) {
        double[] from = standing;
        Optional<double[]> next = proposals.next(captures, from);
        standing =
            next.orElseThrow(() ->
                new AssertionError(
                    "no pose after %s, seed %s".formatted(captures.size(), rigSeed)));
        assertFreeWay(from, standing);
        Capture capture = rig.capture(Integer.toString(i), standing, EXACT, NOISE);
        proposed++;
        if (capture.view().corners().length >= BoardPose.CORNERS_MIN) {
          captures.add(capture);
        } else {
          unseen++;
        }
      }
      assertTrue(enough(captures), () -> MotionSpread.of(captures, Rigs.BOARD, Rigs.CAMERA) + "");
      HandEyeFinding found =
          HandEyeCalibration.of(
              problem(mounting, captures), EnumSet.of(Freedom.JOINT_OFFSETS), Noise.USUAL);
      double mm =
          1e3 * Poses.distance(found.handEye().mountFromCamera(), rig.truth().mountFromCamera());
      double deg =
          Math.toDegrees(
              Poses.angle(found.handEye().mountFromCamera(), rig.truth().mountFromCamera()));
      assertTrue(mm < 1.5 && deg < 0.15, mm + " mm " + deg + " deg, seed " + seed);
    }
    assertTrue(unseen <= 0.1 * proposed, unseen + " of " + proposed + " show no board");
  }

  @Test
  void withoutACaptureNothingIsProposed() {
    PoseProposals proposals = new PoseProposals(problem(Mounting.EYE_IN_HAND, List.of()));
    assertEquals(Optional.empty(), proposals.next(List.of(), EXACT));
  }

  private static HandEyeProblem problem(Mounting mounting, List<Capture> captures) {
    return new HandEyeProblem(mounting, Rigs.ROBOT, Rigs.CAMERA, Rigs.BOARD, captures);
  }

  private static boolean enough(List<Capture> captures) {
    return MotionSpread.of(captures, Rigs.BOARD, Rigs.CAMERA).advice().isEmpty();
  }

  /** A pose at which a person may have put the arm: some way inside its workspace. */
  private double[] seeing(SyntheticRig rig) {
    double[] tool = new double[3];
    for (Capture capture :
        rig.captures(200, new Tilt(15, 15, 30), EXACT, new Noise(0, 0)).captures()) {
      chain.toolPosition(capture.joints(), tool);
      if (Rigs.ROBOT.workspace().excess(tool[0], tool[1], tool[2]) < -0.1) {
        return capture.joints();
      }
    }
    throw new AssertionError("no pose in the workspace");
  }

  private void assertFreeWay(double[] from, double[] to) {
    double[] tool = new double[3];
    double[] joints = new double[to.length];
    for (int k = 1; k <= 100; k++) {
      for (int j = 0; j < joints.length; j++) {
        joints[j] = from[j] + (to[j] - from[j]) * k / 100;
        Joint joint = Rigs.ROBOT.joints().get(j);
        assertTrue(joints[j] >= joint.positionMin() && joints[j] <= joint.positionMax());
      }
      chain.toolPosition(joints, tool);
      assertTrue(Rigs.ROBOT.workspace().excess(tool[0], tool[1], tool[2]) < 0);
    }
  }
}
