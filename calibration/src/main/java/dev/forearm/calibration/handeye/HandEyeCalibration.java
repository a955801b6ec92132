package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardPose;
import dev.forearm.calibration.camera.LeftOut;
import dev.forearm.calibration.handeye.HandEyeFinding.HeldOut;
import dev.forearm.calibration.handeye.HandEyeFinding.Offset;
import dev.forearm.calibration.handeye.HandEyeFinding.Spread;
import dev.forearm.runtime.RuntimeFault;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Hand-eye calibration from captures: captures that cannot be right are left out by name, motion
 * that does not tell is refused, closed forms begin, the adjustment ends.
 */
public final class HandEyeCalibration {
  /** A single view that leaves more, of a camera and a board as given, is left out. */
  private static final double VIEW_MAX_PX = 2;

  /** A capture that is further from the others, in standard deviations, is left out. */
  private static final double SHIFT_MAX = 3;

  /** More captures left out than this share are not accidents. */
  private static final double LEFT_OUT_MAX = 0.3;

  private static final double CORNER_NOISE_MAX_PX = 1.5;
  private static final double JOINT_NOISE_MAX_DEG = 0.5;
  private static final double ERROR_MAX_MM = 5;
  private static final double ERROR_MAX_DEG = 0.5;

  private static final int FOLDS = 5;
  private final Set<Freedom> freedoms;
  private final Noise noise;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final int captures;
  private HandEyeProblem problem;

  private HandEyeCalibration(HandEyeProblem problem, Set<Freedom> freedoms, Noise noise) {
    this.problem = problem;
    this.freedoms = freedoms;
    this.noise = noise;
    captures = problem.captures().size();
  }

  /**
   * Solves it.
   *
   * @param freedoms what may change besides the poses of camera and board
   * @param noise that it begins with
   * @throws RuntimeFault if the motion does not tell where the camera is, too many captures do not
   *     fit, or what is left over is more than can be trusted; with which captures and the remedy
   */
  public static HandEyeFinding of(HandEyeProblem problem, Set<Freedom> freedoms, Noise noise) {
    return new HandEyeCalibration(problem, freedoms, noise).found();
  }

  private HandEyeFinding found() {
    leaveOutOddViews();
    List<PosePair> pairs = requireMotion();
    BundleAdjustment.Fit fit =
        new BundleAdjustment(problem, freedoms, noise).solve(PosePairFit.rough(pairs));
    while (leaveOutFarOnes(fit)) {
      pairs = requireMotion();
      fit = new BundleAdjustment(problem, freedoms, noise).solve(fit.setup().handEye());
    }
    double errorMm = 1e3 * together(fit.errors(), 0);
    double errorDeg = Math.toDegrees(together(fit.errors(), 3));
    requireTrustworthy(fit, errorMm, errorDeg);
    HandEye handEye = fit.setup().handEye();
    return new HandEyeFinding(
        handEye,
        errorMm,
        errorDeg,
        offsets(fit),
        fit.setup().camera(),
        fit.noise(),
        spread(handEye, pairs),
        heldOut(fit.setup()),
        leftOut);
  }

  private void leaveOutOddViews() {
    List<Capture> good = new ArrayList<>();
    List<Double> bad = new ArrayList<>();
    for (Capture capture : problem.captures()) {
      try {
        double px = BoardPose.of(capture.view(), problem.board(), problem.camera()).residualPx();
        if (px <= VIEW_MAX_PX) {
          good.add(capture);
          continue;
        }
        bad.add(px);
        leave(
            capture,
            String.format(
                Locale.ROOT,
                "its corners are %.1f px off any pose of the board, wanted %.0f or less",
                px,
                VIEW_MAX_PX));
      } catch (RuntimeFault fault) {
        leave(capture, String.valueOf(fault.getMessage()));
      }
    }
    if (bad.size() > captures / 2) {
      Collections.sort(bad);
      throw fault(
          String.format(
              Locale.ROOT,
              "the corners of %s of %s captures are off any pose of the board, by %.1f px in the middle, wanted %.0f or less: another board, or another camera's intrinsics; check columns, rows and the camera file",
              bad.size(),
              captures,
              bad.get(bad.size() / 2),
              VIEW_MAX_PX));
    }
    problem = problem.of(good);
    requireMostLeft();
  }

  private List<PosePair> requireMotion() {
    List<PosePair> pairs = problem.pairs(new double[problem.robot().jointCount()]);
    MotionSpread.of(pairs.stream().map(PosePair::cameraFromBoard).toList())
        .refusal()
        .ifPresent(why -> {
          throw fault(why + named(leftOut));
        });
    return pairs;
  }

  private boolean leaveOutFarOnes(BundleAdjustment.Fit fit) {
    List<Capture> near = new ArrayList<>();
    for (int i = 0; i < fit.shifts().length; i++) {
      Capture capture = problem.captures().get(i);
      if (fit.shifts()[i] <= SHIFT_MAX) {
        near.add(capture);
        continue;
      }
      HeldOut off = off(capture, fit.setup());
      leave(
          capture,
          String.format(
              Locale.ROOT,
              "it is %.1f mm and %.2f deg from where the others have it, %.1f times what joint noise explains, wanted %.0f or less; was the arm moving, or the board?",
              off.mm(),
              off.deg(),
              fit.shifts()[i],
              SHIFT_MAX));
    }
    boolean some = near.size() < problem.captures().size();
    problem = problem.of(near);
    requireMostLeft();
    return some;
  }

  private void requireMostLeft() {
    if (leftOut.size() > LEFT_OUT_MAX * captures) {
      throw fault(
          String.format(
              Locale.ROOT,
              "%s of %s captures do not fit, wanted at most %.0f in 100%s",
              leftOut.size(),
              captures,
              100 * LEFT_OUT_MAX,
              named(leftOut)));
    }
  }

  private void requireTrustworthy(BundleAdjustment.Fit fit, double errorMm, double errorDeg) {
    if (fit.noise().cornerPx() > CORNER_NOISE_MAX_PX) {
      throw fault(
          String.format(
              Locale.ROOT,
              "corners are %.2f px off where camera and board have them, wanted %.1f or less; calibrate the camera's intrinsics, or hold still",
              fit.noise().cornerPx(),
              CORNER_NOISE_MAX_PX));
    }
    double jointDeg = Math.toDegrees(fit.noise().jointRad());
    if (jointDeg > JOINT_NOISE_MAX_DEG) {
      throw fault(
          String.format(
              Locale.ROOT,
              "captures disagree as if joints were read %.2f deg wrong, wanted %.1f or less; is the robot file this arm's, the board's square as given, the board fixed, the arm at rest? If all of these, solve for joint offsets too",
              jointDeg,
              JOINT_NOISE_MAX_DEG));
    }
    if (!(errorMm <= ERROR_MAX_MM && errorDeg <= ERROR_MAX_DEG)) {
      throw fault(
          String.format(
              Locale.ROOT,
              "the camera is known to %.2f mm and %.3f deg only, wanted %.0f mm and %.1f deg; add captures with more tilt, closer to the board",
              errorMm,
              errorDeg,
              ERROR_MAX_MM,
              ERROR_MAX_DEG));
    }
  }

  private List<Offset> offsets(BundleAdjustment.Fit fit) {
    return IntStream.range(0, fit.setup().offsets().length)
        .mapToObj(j ->
            new Offset(
                problem.robot().joints().get(j).name(),
                fit.setup().offsets()[j],
                fit.errors()[Setup.place(j)]))
        .toList();
  }

  private static List<Spread> spread(HandEye found, List<PosePair> pairs) {
    return Arrays.stream(ClosedForm.values())
        .map(method -> {
          Se3_F64 camera = method.solve(pairs).mountFromCamera();
          return new Spread(
              method,
              1e3 * Poses.distance(camera, found.mountFromCamera()),
              Math.toDegrees(Poses.angle(camera, found.mountFromCamera())));
        })
        .toList();
  }

  private List<HeldOut> heldOut(Setup setup) {
    List<Capture> all = problem.captures();
    List<HeldOut> heldOut = new ArrayList<>();
    for (int fold = 0; fold < FOLDS; fold++) {
      int own = fold;
      List<Capture> others =
          IntStream.range(0, all.size()).filter(i -> i % FOLDS != own).mapToObj(all::get).toList();
      Setup without =
          new BundleAdjustment(problem.of(others), freedoms, noise).solve(setup.handEye()).setup();
      for (int i = own; i < all.size(); i += FOLDS) {
        heldOut.add(off(all.get(i), without));
      }
    }
    return heldOut;
  }

  private HeldOut off(Capture capture, Setup setup) {
    Board board = problem.board();
    Se3_F64 predicted =
        setup
            .handEye()
            .cameraFromBoard(
                problem.mountFromHolder(
                    new ArmReadings(problem.robot())
                        .baseFromTool(capture.joints(), setup.offsets())));
    Se3_F64 seen = BoardPose.of(capture.view(), board, setup.camera()).cameraFromBoard();
    Point3D_F64 middle =
        new Point3D_F64(board.x(board.corners() - 1) / 2, board.y(board.corners() - 1) / 2, 0);
    return new HeldOut(
        capture.name(),
        1e3 * predicted.transform(middle, null).distance(seen.transform(middle, null)),
        Math.toDegrees(Poses.angle(predicted, seen)),
        BoardPose.residual(capture.view(), board, setup.camera(), predicted));
  }

  private void leave(Capture capture, String why) {
    leftOut.add(new LeftOut(capture.name(), why));
  }

  private static String named(List<LeftOut> leftOut) {
    StringBuilder names = new StringBuilder();
    leftOut.forEach(
        one -> names.append("; left out ").append(one.name()).append(": ").append(one.why()));
    return names.toString();
  }

  private static RuntimeFault fault(String problem) {
    return new RuntimeFault("hand-eye: " + problem);
  }

  private static double together(double[] errors, int at) {
    return Poses.length(new double[] {errors[at], errors[at + 1], errors[at + 2]});
  }
}
