package dev.forearm.calibration.synthetic;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEye;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.EulerType;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import georegression.struct.so.Quaternion_F64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A rig whose truth is known. The arm goes, by inverse kinematics within its limits, to poses at
 * which the whole board is in the picture, .35 to .6 m before the camera, turned by as much as is
 * asked.
 */
public final class SyntheticRig {
  private static final double EDGE_PX = 8;
  private static final int TRIES = 10_000;
  private static final int STEPS = 100;
  private static final double DAMPING = 1e-3;

  private final Robot robot;
  private final SerialChain chain;
  private final PinholeCamera camera;
  private final Board board;
  private final Mounting mounting;
  private final SplittableRandom random;
  private final HandEye truth;

  /**
   * Draws where camera and board are.
   *
   * @param robot a table-top arm: what lies still does so within .3 to .9 m of its base
   * @param seed of all that is drawn
   */
  public SyntheticRig(
      Robot robot, PinholeCamera camera, Board board, Mounting mounting, long seed) {
    this.robot = robot;
    this.camera = camera;
    this.board = board;
    this.mounting = mounting;
    chain = new SerialChain(robot);
    random = new SplittableRandom(seed);
    truth = draw();
  }

  /**
   * How far the board is turned at most, either way, about each of the camera's axes.
   *
   * @param xDeg nods
   * @param yDeg shakes
   * @param zDeg rolls
   */
  public record Tilt(double xDeg, double yDeg, double zDeg) {
    /** As somebody who heeds the advice does it. */
    public static final Tilt GUIDED = new Tilt(40, 40, 60);
  }

  /** As {@link HandEyeProblem#jointsToldApart}. */
  public int[] jointsToldApart() {
    return new HandEyeProblem(mounting, robot, camera, board, List.of()).jointsToldApart();
  }

  /** Where camera and board are. */
  public HandEye truth() {
    return truth;
  }

  /**
   * Takes captures.
   *
   * @param count of them
   * @param offsets by how much each joint is further than it reads, rad or m
   * @param noise of what is seen and read
   */
  public HandEyeProblem captures(int count, Tilt tilt, double[] offsets, Noise noise) {
    List<Capture> captures = new ArrayList<>();
    for (int i = 0; i < TRIES && captures.size() < count; i++) {
      double[] joints = new double[chain.joints()];
      if (reach(mountFromHolder(boardInView(tilt)), joints)) {
        BoardView view = view("capture " + captures.size(), joints, noise.cornerPx());
        if (view.corners().length == board.corners()) {
          captures.add(new Capture(read(joints, offsets, noise), view));
        }
      }
    }
    if (captures.size() < count) {
      throw new IllegalStateException(
          "synthetic rig: found %s poses in reach, wanted %s".formatted(captures.size(), count));
    }
    return new HandEyeProblem(mounting, robot, camera, board, captures);
  }

  /**
   * Takes one capture.
   *
   * @param joints where they truly are; corners that are outside the picture then are missing
   * @param offsets as of {@link #captures}
   * @param noise as of {@link #captures}
   */
  public Capture capture(String name, double[] joints, double[] offsets, Noise noise) {
    BoardView view = view(name, joints, noise.cornerPx());
    return new Capture(read(joints, offsets, noise), view);
  }

  private double[] read(double[] joints, double[] offsets, Noise noise) {
    double[] readings = joints.clone();
    for (int j = 0; j < readings.length; j++) {
      readings[j] += -offsets[j] + noise.jointRad() * random.nextGaussian();
    }
    return readings;
  }

  private HandEye draw() {
    return switch (mounting) {
      case EYE_IN_HAND ->
          new HandEye(
              pose(
                  uniform(-0.06, 0.06),
                  uniform(-0.08, 0.08),
                  uniform(-0.12, -0.02),
                  uniform(-15, 15),
                  uniform(-15, 15),
                  uniform(-180, 180)),
              pose(
                  uniform(0.4, 0.6), // its x back and z down, so that it is seen from above
                  uniform(-0.15, 0.15),
                  uniform(0, 0.1),
                  180 + uniform(-8, 8),
                  uniform(-8, 8),
                  uniform(-180, 180)));
      case EYE_TO_HAND ->
          new HandEye(
              lookingAtTheArm(),
              pose(
                  uniform(-0.1, -0.05),
                  uniform(-0.1, -0.05),
                  uniform(0.02, 0.06),
                  180 + uniform(-10, 10),
                  uniform(-10, 10),
                  uniform(-20, 20)));
    };
  }

  /** From above and ahead of the arm, back and down at it. */
  private Se3_F64 lookingAtTheArm() {
    return pose(
        uniform(0.9, 1.0),
        uniform(-0.1, 0.1),
        uniform(0.5, 0.6),
        180 + 60 + uniform(-8, 8),
        uniform(-8, 8),
        90 + uniform(-8, 8));
  }

  private Se3_F64 boardInView(Tilt tilt) {
    Se3_F64 cameraFromMiddle =
        pose(
            uniform(-0.08, 0.08),
            uniform(-0.06, 0.06),
            uniform(0.35, 0.6),
            uniform(-tilt.xDeg, tilt.xDeg),
            uniform(-tilt.yDeg, tilt.yDeg),
            uniform(-tilt.zDeg, tilt.zDeg));
    Se3_F64 middleFromBoard =
        pose(-board.x(board.corners() - 1) / 2, -board.y(board.corners() - 1) / 2, 0, 0, 0, 0);
    return product(cameraFromMiddle, middleFromBoard);
  }

  private Se3_F64 mountFromHolder(Se3_F64 cameraFromBoard) {
    return product(
        truth.mountFromCamera(),
        product(cameraFromBoard, truth.holderFromBoard().invert(new Se3_F64())));
  }

  private BoardView view(String name, double[] joints, double noisePx) {
    Se3_F64 baseFromTool = tool(joints);
    Se3_F64 mountFromHolder =
        mounting == Mounting.EYE_IN_HAND ? baseFromTool.invert(new Se3_F64()) : baseFromTool;
    Se3_F64 cameraFromBoard =
        product(
            truth.mountFromCamera().invert(new Se3_F64()),
            product(mountFromHolder, truth.holderFromBoard()));
    int[] corners = new int[board.corners()];
    double[] pixels = new double[2 * corners.length];
    double[] pixel = new double[2];
    int seen = 0;
    Point3D_F64 point = new Point3D_F64();
    for (int i = 0; i < corners.length; i++) {
      point.setTo(board.x(i), board.y(i), 0);
      cameraFromBoard.transform(point, point);
      camera.project(point.x, point.y, point.z, pixel);
      if (point.z > 0
          && pixel[0] > EDGE_PX
          && pixel[1] > EDGE_PX
          && pixel[0] < camera.width() - EDGE_PX
          && pixel[1] < camera.height() - EDGE_PX) {
        corners[seen] = i;
        pixels[2 * seen] = pixel[0] + noisePx * random.nextGaussian();
        pixels[2 * seen + 1] = pixel[1] + noisePx * random.nextGaussian();
        seen++;
      }
    }
    return new BoardView(name, Arrays.copyOf(corners, seen), Arrays.copyOf(pixels, 2 * seen));
  }

  /** Finds joints for a pose between mount and holder, from a random start. */
  private boolean reach(Se3_F64 mountFromHolder, double[] joints) {
    Se3_F64 wanted =
        mounting == Mounting.EYE_IN_HAND ? mountFromHolder.invert(new Se3_F64()) : mountFromHolder;
    List<Joint> limits = robot.joints();
    for (int j = 0; j < joints.length; j++) {
      double low = limits.get(j).positionMin();
      double high = limits.get(j).positionMax();
      joints[j] = low + (high - low) * uniform(0.25, 0.75);
    }
    DMatrixRMaj jacobian = new DMatrixRMaj(6, joints.length);
    DMatrixRMaj square = new DMatrixRMaj(6, 6);
    DMatrixRMaj error = new DMatrixRMaj(6, 1);
    DMatrixRMaj weights = new DMatrixRMaj(6, 1);
    DMatrixRMaj step = new DMatrixRMaj(joints.length, 1);
    for (int i = 0; i < STEPS; i++) {
      Se3_F64 tool = tool(joints);
      DMatrixRMaj turn = CommonOps_DDRM.multTransB(wanted.R, tool.R, null);
      Quaternion_F64 q = ConvertRotation3D_F64.matrixToQuaternion(turn, null);
      double twice = q.w < 0 ? -2 : 2;
      error.data[0] = wanted.T.x - tool.T.x;
      error.data[1] = wanted.T.y - tool.T.y;
      error.data[2] = wanted.T.z - tool.T.z;
      error.data[3] = twice * q.x;
      error.data[4] = twice * q.y;
      error.data[5] = twice * q.z;
      double off = 0;
      for (double value : error.data) {
        off = Math.max(off, Math.abs(value));
      }
      if (off < 1e-12) {
        return within(limits, joints);
      }
      chain.jacobian(joints, jacobian.data);
      CommonOps_DDRM.multTransB(jacobian, jacobian, square);
      for (int k = 0; k < 6; k++) {
        square.add(k, k, DAMPING * Math.min(1, off * off));
      }
      if (!CommonOps_DDRM.solve(square, error, weights)) {
        return false;
      }
      CommonOps_DDRM.multTransA(jacobian, weights, step);
      double largest = 0;
      for (double value : step.data) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (int j = 0; j < joints.length; j++) {
        joints[j] += step.get(j) * Math.min(1, 0.5 / largest);
      }
    }
    return false;
  }

  private static boolean within(List<Joint> limits, double[] joints) {
    for (int j = 0; j < joints.length; j++) {
      if (joints[j] < limits.get(j).positionMin() || joints[j] > limits.get(j).positionMax()) {
        return false;
      }
    }
    return true;
  }

  private Se3_F64 tool(double[] joints) {
    double[] pose = new double[7];
    chain.toolPose(joints, pose);
    Se3_F64 tool = new Se3_F64();
    tool.T.setTo(pose[0], pose[1], pose[2]);
    ConvertRotation3D_F64.quaternionToMatrix(
        new Quaternion_F64(pose[3], pose[4], pose[5], pose[6]), tool.R);
    return tool;
  }

  private double uniform(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** Turned about the fixed axes x, y and z, in this order, by degrees. */
  private static Se3_F64 pose(
      double x, double y, double z, double aboutX, double aboutY, double aboutZ) {
    Se3_F64 pose = new Se3_F64();
    pose.T.setTo(x, y, z);
    ConvertRotation3D_F64.eulerToMatrix(
        EulerType.XYZ,
        Math.toRadians(aboutX),
        Math.toRadians(aboutY),
        Math.toRadians(aboutZ),
        pose.R);
    return pose;
  }

  private static Se3_F64 product(Se3_F64 outer, Se3_F64 inner) {
    return inner.concat(outer, new Se3_F64());
  }
}
