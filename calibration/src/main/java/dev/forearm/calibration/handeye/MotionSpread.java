package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardPose;
import dev.forearm.calibration.camera.PinholeCamera;
import georegression.struct.se.Se3_F64;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * How much camera and board turned against each other, and about what: two axes that are not
 * parallel must be among it, or where the camera stands along them stays unknown (Tsai and Lenz,
 * 1989).
 *
 * @param captures how many
 * @param largestDeg standard deviation of turning about the axis that it is about most
 * @param secondDeg about the one across it that comes next
 * @param weakest the camera's axis about which it turned least
 * @param weakestDeg standard deviation about it
 */
public record MotionSpread(
    int captures, double largestDeg, double secondDeg, Axis weakest, double weakestDeg) {
  /** Fewer captures are refused. */
  public static final int CAPTURES_MIN = 8;

  /** As many as the stated errors need. */
  public static final int CAPTURES_WANTED = 20;

  private static final double LARGEST_MIN_DEG = 8;
  private static final double SECOND_MIN_DEG = 4;
  private static final double WANTED_DEG = 12;

  /** An axis of the camera's frame, as the one who moves it knows it. */
  public enum Axis {
    /** To the right. */
    X(0, "nod: tilt it up and down"),
    /** Down. */
    Y(1, "shake: turn it left and right"),
    /** Ahead. */
    Z(2, "roll: turn it about where it looks");

    private final int index;
    private final String motion;

    Axis(int index, String motion) {
      this.index = index;
      this.motion = motion;
    }
  }

  /** Of captures, but for those that show too little of the board. */
  public static MotionSpread of(List<Capture> captures, Board board, PinholeCamera camera) {
    return of(
        captures.stream()
            .map(Capture::view)
            .filter(view -> view.corners().length >= BoardPose.CORNERS_MIN)
            .map(view -> BoardPose.of(view, board, camera).cameraFromBoard())
            .toList());
  }

  /** Of the board's poses before the camera. */
  public static MotionSpread of(List<Se3_F64> cameraFromBoard) {
    DMatrixRMaj scatter = new DMatrixRMaj(3, 3);
    int pairs = 0;
    for (int i = 0; i < cameraFromBoard.size(); i++) {
      Se3_F64 back = Poses.inverse(cameraFromBoard.get(i));
      for (int j = i + 1; j < cameraFromBoard.size(); j++) {
        double[] turn = Poses.rotationVector(Poses.product(cameraFromBoard.get(j), back).R);
        for (int k = 0; k < 9; k++) {
          scatter.data[k] += turn[k / 3] * turn[k % 3];
        }
        pairs++;
      }
    }
    Axis weakest = Axis.X;
    for (Axis axis : Axis.values()) {
      if (scatter.get(axis.index, axis.index) < scatter.get(weakest.index, weakest.index)) {
        weakest = axis;
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(3, 3, false, false, true);
    svd.decompose(scatter);
    double[] values = svd.getSingularValues().clone();
    Arrays.sort(values);
    return new MotionSpread(
        cameraFromBoard.size(),
        degrees(values[2], pairs),
        degrees(values[1], pairs),
        weakest,
        degrees(scatter.get(weakest.index, weakest.index), pairs));
  }

  /** Why no camera can be placed by it, with the remedy; empty if one can. */
  public Optional<String> refusal() {
    if (captures < CAPTURES_MIN) {
      return Optional.of(
          "found %s poses, wanted %s or more, better %s; add some"
              .formatted(captures, CAPTURES_MIN, CAPTURES_WANTED));
    }
    if (largestDeg < LARGEST_MIN_DEG) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the poses turn by only %.1f deg (standard deviation), wanted %.0f or more: too small a rotation span; tilt it further",
              largestDeg,
              LARGEST_MIN_DEG));
    }
    if (secondDeg < SECOND_MIN_DEG) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the poses turn about parallel axes: by %.1f deg about one and %.1f about any across it, wanted %.0f or more; add poses that %s",
              largestDeg,
              secondDeg,
              SECOND_MIN_DEG,
              weakest.motion));
    }
    return Optional.empty();
  }

  /** What the next poses should bring; empty if nothing is missing. */
  public Optional<String> advice() {
    if (weakestDeg < WANTED_DEG) {
      return Optional.of(
          String.format(
              Locale.ROOT, "%s, so far %.0f of %.0f deg", weakest.motion, weakestDeg, WANTED_DEG));
    }
    if (captures < CAPTURES_WANTED) {
      return Optional.of("%s more of any kind".formatted(CAPTURES_WANTED - captures));
    }
    return Optional.empty();
  }

  private static double degrees(double squares, int pairs) {
    return Math.toDegrees(Math.sqrt(squares / (2.0 * Math.max(1, pairs))));
  }
}
