package dev.forearm.calibration.handeye;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.calibration.synthetic.SyntheticRig;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClosedFormTest {
  @ParameterizedTest
  @EnumSource
  void whatIsFreeOfNoiseIsSolvedExactly(ClosedForm method) {
    for (Mounting mounting : Mounting.values()) {
      SyntheticRig rig = Rigs.rig(mounting, 71);
      HandEye found = method.solve(pairs(rig));
      assertClose(rig.truth().mountFromCamera(), found.mountFromCamera());
      assertClose(rig.truth().holderFromBoard(), found.holderFromBoard());
    }
  }

  private static List<PosePair> pairs(SyntheticRig rig) {
    ArmReadings arm = new ArmReadings(Rigs.ROBOT);
    double[] offsets = new double[arm.joints()];
    HandEyeProblem problem = rig.captures(10, SyntheticRig.Tilt.GUIDED, offsets, new Noise(0, 0));
    List<PosePair> pairs = new ArrayList<>();
    for (Capture capture : problem.captures()) {
      Se3_F64 mountFromHolder =
          problem.mountFromHolder(arm.baseFromTool(capture.joints(), offsets));
      pairs.add(new PosePair(mountFromHolder, rig.truth().cameraFromBoard(mountFromHolder)));
    }
    return pairs;
  }

  private static void assertClose(Se3_F64 wanted, Se3_F64 found) {
    assertEquals(0, Poses.distance(wanted, found), 1e-6, () -> wanted + " but " + found);
    assertEquals(0, Poses.angle(wanted, found), 1e-6, () -> wanted + " but " + found);
  }
}
