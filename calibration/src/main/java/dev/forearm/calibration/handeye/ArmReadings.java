package dev.forearm.calibration.handeye;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.se.Se3_F64;
import georegression.struct.so.Quaternion_F64;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/** What joint readings say of an arm, and how wrong they usually are. Keeps scratch; one thread. */
final class ArmReadings {
  private static final double SLIDE_NOISE_M = 1e-4;

  private final Robot robot;
  private final SerialChain chain;
  private final double[] pose = new double[7];

  ArmReadings(Robot robot) {
    this.robot = robot;
    chain = new SerialChain(robot);
  }

  int joints() {
    return chain.joints();
  }

  /** Where the tool stands if each joint is at its reading plus its offset. */
  Se3_F64 baseFromTool(double[] readings, double[] offsets) {
    double[] positions = new double[joints()];
    for (int j = 0; j < positions.length; j++) {
      positions[j] = readings[j] + offsets[j];
    }
    chain.toolPose(positions, pose);
    Se3_F64 baseFromTool = new Se3_F64();
    baseFromTool.T.setTo(pose[0], pose[1], pose[2]);
    ConvertRotation3D_F64.quaternionToMatrix(
        new Quaternion_F64(pose[3], pose[4], pose[5], pose[6]), baseFromTool.R);
    return baseFromTool;
  }

  /** The geometric Jacobian, [6][joints], at the tool's origin in the base frame. */
  DMatrixRMaj jacobian(double[] readings, double[] offsets) {
    double[] positions = new double[joints()];
    for (int j = 0; j < positions.length; j++) {
      positions[j] = readings[j] + offsets[j];
    }
    DMatrixRMaj jacobian = new DMatrixRMaj(6, joints());
    chain.jacobian(positions, jacobian.data);
    return jacobian;
  }

  /** The usual error of one reading, rad or m. */
  double noise(int joint, double turnNoiseRad) {
    return switch (robot.joints().get(joint).unit()) {
      case RADIAN -> turnNoiseRad;
      case METRE -> SLIDE_NOISE_M;
    };
  }

  /** As {@link HandEyeProblem#jointsToldApart}. */
  int[] toldApart() {
    int[] moving =
        robot.chain().stream()
            .mapToInt(ChainLink::joint)
            .filter(joint -> joint != ChainLink.FIXED)
            .toArray();
    return IntStream.range(1, Math.max(1, moving.length - 1))
        .map(i -> moving[i])
        .filter(joint -> robot.joints().get(joint).unit() == JointUnit.RADIAN)
        .toArray();
  }
}
