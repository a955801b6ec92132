package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.nio.file.Path;

/** The table-top arm with a camera that distorts and a board of 9 x 6 corners. */
final class Rigs {
  static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 612, 608, 322.5, 236.1, 0.09, -0.17, 0.0012, -0.0007, 0.02);
  static final Board BOARD = Board.chess(9, 6, 0.022);

  private Rigs() {}

  static SyntheticRig rig(Mounting mounting, long seed) {
    return new SyntheticRig(ROBOT, CAMERA, BOARD, mounting, seed);
  }
}
