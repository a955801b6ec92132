package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.PinholeCamera;
import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.EulerType;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Proposes where an arm should stand for the next capture. While nobody knows where the camera is,
 * the tool turns a little about its own axes, from the first capture's pose: ahead of an eye in the
 * hand about where its board is if it looks along the tool. As soon as the captures give a rough
 * solution, views of the whole board are drawn, tilted and rolled as the errors stated want them,
 * and the best of them is that which adds most to the turn that is missing. Every pose is within
 * reach and the straight way to it free. One thread.
 */
public final class PoseProposals {
  private static final long SEED = 1;

  /** Turns about the tool's axes, deg. */
  private static final double[][] PROBES = {
    {0, 0, 25}, {12, 0, 0}, {0, 12, 0}, {-12, 0, 0}, {0, -12, 0}, {0, 0, -25}
  };

  private static final int KNOWN_CAPTURES = 4;
  private static final double KNOWN_DEG = 3; // of MotionSpread's second axis

  private static final int VIEWS = 100;
  private static final double TILT_MAX_DEG = 40;
  private static final double ROLL_MAX_DEG = 60;
  private static final double NEARER = 0.85; // than at the first capture
  private static final double FARTHER = 1.2;
  private static final double ASIDE = 0.15; // of the distance
  private static final double MARGIN = 0.06; // of the picture's width, for what is known roughly

  /** Less is no other pose. */
  private static final double TURN_MIN_DEG = 4;

  /** No joint goes further at once, rad or m. */
  private static final double TRAVEL_MAX = 1.6;

  private final HandEyeProblem rig;
  private final ArmReach reach;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private int probe;

  /** A pose of the arm and what the spread of all views would be with the one from there. */
  @SuppressWarnings("ArrayRecordComponent") // read and never compared
  private record Stand(double[] joints, double weakestDeg) {}

  /**
   * @param rig whose captures do not count
   */
  public PoseProposals(HandEyeProblem rig) {
    this.rig = rig;
    reach = new ArmReach(rig.robot());
  }

  /**
   * Proposes a pose; another one each time.
   *
   * @param captures so far; those that show too little of the board left out
   * @param standing where the joints are, rad or m, in command order
   * @return joints; empty without captures, or if none was found that the arm can go to
   */
  public Optional<double[]> next(List<Capture> captures, double[] standing) {
    if (captures.isEmpty()) {
      return Optional.empty();
    }
    List<PosePair> pairs = rig.of(captures).pairs(new double[standing.length]);
    List<Se3_F64> seen = pairs.stream().map(PosePair::cameraFromBoard).toList();
    boolean known =
        captures.size() >= KNOWN_CAPTURES && MotionSpread.of(seen).secondDeg() >= KNOWN_DEG;
    double[] first = captures.getFirst().joints();
    Stream<double[]> poses =
        known ? views(PosePairFit.rough(pairs), seen, first) : probes(pairs.getFirst(), first);
    return poses
        .filter(joints -> isWorthIt(standing, joints) && reach.isFree(standing, joints))
        .findFirst();
  }

  /** About the pose of a capture, each turn once before any comes again. */
  private Stream<double[]> probes(PosePair first, double[] near) {
    Se3_F64 pivot = new Se3_F64();
    if (rig.mounting() == Mounting.EYE_IN_HAND) {
      pivot.T.z = middle(first.cameraFromBoard()).norm();
    }
    Se3_F64 baseFromPivot = Poses.product(reach.baseFromTool(near), pivot);
    return Stream.generate(() -> PROBES[probe++ % PROBES.length])
        .limit(PROBES.length)
        .map(deg -> Poses.product(baseFromPivot, turn(deg[0], deg[1], deg[2])))
        .map(turned -> Poses.product(turned, Poses.inverse(pivot)))
        .map(tool -> reach.joints(tool, near));
  }

  /** From where the whole board is seen, what brings most first. */
  private Stream<double[]> views(HandEye estimate, List<Se3_F64> seen, double[] near) {
    Se3_F64 frontal = frontal(seen.getFirst());
    double distance = middle(seen.getFirst()).norm();
    List<Stand> stands = new ArrayList<>();
    for (int i = 0; i < VIEWS; i++) {
      Se3_F64 mountFromHolder =
          Poses.product(
              estimate.mountFromCamera(),
              Poses.product(draw(frontal, distance), Poses.inverse(estimate.holderFromBoard())));
      double[] joints = reach.joints(baseFromTool(mountFromHolder), near);
      Se3_F64 view = estimate.cameraFromBoard(rig.mountFromHolder(reach.baseFromTool(joints)));
      if (isInPicture(view)) {
        List<Se3_F64> all = new ArrayList<>(seen);
        all.add(view);
        stands.add(new Stand(joints, MotionSpread.of(all).weakestDeg()));
      }
    }
    return stands.stream()
        .sorted(Comparator.comparingDouble(Stand::weakestDeg).reversed())
        .map(Stand::joints);
  }

  /** As the mounting has it. */
  private Se3_F64 baseFromTool(Se3_F64 mountFromHolder) {
    return switch (rig.mounting()) {
      case EYE_IN_HAND -> Poses.inverse(mountFromHolder);
      case EYE_TO_HAND -> mountFromHolder;
    };
  }

  private Se3_F64 draw(Se3_F64 frontal, double distance) {
    double ahead = distance * uniform(NEARER, FARTHER);
    Se3_F64 tilt =
        turn(
            uniform(-TILT_MAX_DEG, TILT_MAX_DEG),
            uniform(-TILT_MAX_DEG, TILT_MAX_DEG),
            uniform(-ROLL_MAX_DEG, ROLL_MAX_DEG));
    Se3_F64 view = Poses.product(tilt, frontal);
    Point3D_F64 middle = middle(view);
    view.T.x += uniform(-ASIDE, ASIDE) * ahead - middle.x;
    view.T.y += uniform(-ASIDE, ASIDE) * ahead - middle.y;
    view.T.z += ahead - middle.z;
    return view;
  }

  /** A view turned so that the camera looks straight at the board, rolled as it is. */
  private static Se3_F64 frontal(Se3_F64 cameraFromBoard) {
    double nx = cameraFromBoard.R.get(0, 2); // the board's z, away from the camera
    double ny = cameraFromBoard.R.get(1, 2);
    double sine = Math.hypot(nx, ny);
    double angle = Math.atan2(sine, cameraFromBoard.R.get(2, 2));
    double scale = sine < 1e-9 ? 0 : angle / sine;
    return Poses.product(
        Poses.read(new double[] {0, 0, 0, scale * ny, -scale * nx, 0}, 0), cameraFromBoard);
  }

  private boolean isInPicture(Se3_F64 cameraFromBoard) {
    PinholeCamera camera = rig.camera();
    Board board = rig.board();
    double margin = MARGIN * camera.width();
    Point3D_F64 point = new Point3D_F64();
    double[] pixel = new double[2];
    for (int corner = 0; corner < board.corners(); corner++) {
      point.setTo(board.x(corner), board.y(corner), 0);
      cameraFromBoard.transform(point, point);
      camera.project(point.x, point.y, point.z, pixel);
      if (!(pixel[0] > margin
          && pixel[1] > margin
          && pixel[0] < camera.width() - margin
          && pixel[1] < camera.height() - margin)) {
        return false;
      }
    }
    return true;
  }

  private Point3D_F64 middle(Se3_F64 cameraFromBoard) {
    int last = rig.board().corners() - 1;
    Point3D_F64 middle = new Point3D_F64(rig.board().x(last) / 2, rig.board().y(last) / 2, 0);
    return cameraFromBoard.transform(middle, middle);
  }

  /** Whether it turns the tool, and no joint goes too far. */
  private boolean isWorthIt(double[] standing, double[] joints) {
    for (int j = 0; j < joints.length; j++) {
      if (Math.abs(joints[j] - standing[j]) > TRAVEL_MAX) {
        return false;
      }
    }
    double turned = Poses.angle(reach.baseFromTool(standing), reach.baseFromTool(joints));
    return Math.toDegrees(turned) > TURN_MIN_DEG;
  }

  /** About the fixed axes x, y and z, in this order. */
  private static Se3_F64 turn(double xDeg, double yDeg, double zDeg) {
    Se3_F64 turn = new Se3_F64();
    ConvertRotation3D_F64.eulerToMatrix(
        EulerType.XYZ, Math.toRadians(xDeg), Math.toRadians(yDeg), Math.toRadians(zDeg), turn.R);
    return turn;
  }

  private double uniform(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }
}
