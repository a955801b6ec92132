package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardPose;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.runtime.robot.Robot;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;

/**
 * What was captured, with what, of what.
 *
 * @param mounting which of camera and board the arm moves
 * @param robot whose joints were read
 * @param camera that looked
 * @param board that it looked at
 * @param captures what it saw
 */
public record HandEyeProblem(
    Mounting mounting, Robot robot, PinholeCamera camera, Board board, List<Capture> captures) {
  public HandEyeProblem {
    captures = List.copyOf(captures);
  }

  /** The same with other captures. */
  HandEyeProblem of(List<Capture> others) {
    return new HandEyeProblem(mounting, robot, camera, board, others);
  }

  /** What arm and camera say of each capture, with these offsets of the joints. */
  public List<PosePair> pairs(double[] offsets) {
    ArmReadings arm = new ArmReadings(robot);
    List<PosePair> pairs = new ArrayList<>();
    for (Capture capture : captures) {
      pairs.add(
          new PosePair(
              mountFromHolder(arm.baseFromTool(capture.joints(), offsets)),
              BoardPose.of(capture.view(), board, camera).cameraFromBoard()));
    }
    return pairs;
  }

  /**
   * Turning joints whose offsets show: not the first and the last of the chain, which turn just as
   * another base and another tool would.
   */
  public int[] jointsToldApart() {
    return new ArmReadings(robot).toldApart();
  }

  /** Where a solution has the board before the camera at a capture, if joints read right. */
  public Se3_F64 cameraFromBoard(Capture capture, HandEye handEye) {
    Se3_F64 baseFromTool =
        new ArmReadings(robot).baseFromTool(capture.joints(), new double[robot.jointCount()]);
    return handEye.cameraFromBoard(mountFromHolder(baseFromTool));
  }

  /** As the mounting has it. */
  Se3_F64 mountFromHolder(Se3_F64 baseFromTool) {
    return switch (mounting) {
      case EYE_IN_HAND -> Poses.inverse(baseFromTool);
      case EYE_TO_HAND -> baseFromTool;
    };
  }
}
