package dev.forearm.launch.capture;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.calibration.camera.BoardPose;
import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.handeye.Capture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills a folder with pictures of a board, as a person asks for them or by itself wherever the view
 * is new, and has the coach speak after each. A picture counts
 *
 * <ul>
 *   <li>if the arm rested from {@value #BEFORE_NANOS} ns before it came until {@value #AFTER_NANOS}
 *       ns after ({@link JointTrack#rest}), where joints are wanted;
 *   <li>and its corners are where the picture before had them, within {@value #STILL_PX} px.
 * </ul>
 *
 * <p>The waiting thread's; each turn lasts at most as long as finding a board.
 */
final class GuidedCapture {
  private static final long BEFORE_NANOS = 500_000_000; // and so late may a camera be
  private static final long AFTER_NANOS = 250_000_000;
  private static final long SILENT_NANOS = 3_000_000_000L;
  private static final double STILL_PX = 0.5;

  static final String KEYS = "takes a picture, d drops the last, q ends and solves";

  /** A view is new if its corners are, by root mean square, so far from those of all others. */
  private static final double NEW_SHARE = 0.03; // of the picture's width

  private static final int COMMON_MIN = 4;

  private final BoardDetector detector;
  private final PictureFolder folder;
  private final LivePictures pictures;
  private final boolean withArm;
  private final Coach coach;
  private final boolean auto;
  private final IntSupplier keys;
  private final Consumer<String> say;
  private final List<Capture> captures = new ArrayList<>();
  private final Optional<Steering> steering;

  private LivePictures.@Nullable Shot waiting; // for its time after
  private @Nullable BoardView before;
  private long heardNanos = Long.MIN_VALUE; // of pictures
  private String told = "";
  private int width = 1; // of the pictures, px
  private int height = 1;
  private boolean wanted;
  private boolean done;

  /**
   * Goes on with what is in the folder.
   *
   * @param withArm whether a picture counts only with the joints of an arm at rest
   * @param auto whether pictures are taken unasked, until nothing is missing
   * @param steering empty where nobody asked for motion
   * @param keys typed, as {@link TypedKeys} gives them
   */
  GuidedCapture(
      BoardDetector detector,
      PictureFolder folder,
      LivePictures pictures,
      boolean withArm,
      Coach coach,
      boolean auto,
      Optional<Steering> steering,
      IntSupplier keys,
      Consumer<String> say) {
    this.detector = detector;
    this.folder = folder;
    this.pictures = pictures;
    this.withArm = withArm;
    this.coach = coach;
    this.auto = auto;
    this.steering = steering;
    this.keys = keys;
    this.say = say;
    folder.read(this::resume);
    sayProgress("%s pictures are there".formatted(captures.size()));
  }

  private void resume(Picture picture) {
    width = picture.gray().width;
    height = picture.gray().height;
    detector
        .detect(picture.name(), picture.gray())
        .view()
        .filter(view -> view.corners().length >= BoardPose.CORNERS_MIN)
        .filter(_ -> !withArm || picture.joints().length > 0)
        .ifPresent(view -> captures.add(new Capture(picture.joints(), view)));
  }

  boolean done() {
    return done;
  }

  List<Capture> captures() {
    return List.copyOf(captures);
  }

  /** Does what is due. To be called often. */
  void turn(long now) {
    int key = keys.getAsInt();
    heed(key);
    boolean there = steering.isPresent() && steering.get().turn(key, now, captures());
    wanted |= there && auto; // that the view is new somebody has seen to
    JointTrack track = pictures.track();
    heardNanos = heardNanos == Long.MIN_VALUE ? now : heardNanos;
    LivePictures.Shot shot = waiting;
    if (shot == null) {
      waiting = pictures.poll().orElse(null);
      if (waiting != null) {
        heardNanos = now;
      } else if (now - heardNanos > SILENT_NANOS) {
        tell("no picture on %s; does the camera's driver run?".formatted(pictures.topic()));
      }
    } else if (now - shot.nanos() >= AFTER_NANOS) {
      waiting = null;
      judge(shot, track);
    }
  }

  private void heed(int key) {
    switch (key) {
      case ' ', 'p' -> {
        wanted = true;
        told = "";
      }
      case 'd' -> dropLast();
      case 'q' -> done = true;
      default -> {}
    }
  }

  private void judge(LivePictures.Shot shot, JointTrack track) {
    BoardView last = before;
    before = null;
    if ((!wanted && !auto) || steering.filter(Steering::underWay).isPresent()) {
      return;
    }
    double[] joints = new double[0];
    if (withArm) {
      Optional<double[]> rest = track.rest(shot.nanos() - BEFORE_NANOS, shot.nanos() + AFTER_NANOS);
      if (rest.isEmpty()) {
        tell(
            track.silent().isEmpty()
                ? "waiting for the arm to rest"
                : "no position of joints %s; does the robot's driver run?"
                    .formatted(track.silent()));
        return;
      }
      joints = rest.get();
    }
    GrayF32 gray = shot.decode();
    BoardDetector.Detection found = detector.detect("the picture", gray);
    BoardView view = found.view().orElse(null);
    if (view == null || view.corners().length < BoardPose.CORNERS_MIN) {
      tell(
          "no board: "
              + (view == null
                  ? found.instead()
                  : "%s corners, wanted %s or more"
                      .formatted(view.corners().length, BoardPose.CORNERS_MIN)));
      return;
    }
    before = view;
    if (last == null || !(displacement(last, view) <= STILL_PX)) {
      tell("waiting for a steady picture");
      return;
    }
    double newPx = NEW_SHARE * gray.width;
    if (!wanted && captures.stream().anyMatch(one -> displacement(one.view(), view) < newPx)) {
      tell("seen; go on to another pose");
      return;
    }
    keep(gray, view, joints);
  }

  private void keep(GrayF32 gray, BoardView view, double[] joints) {
    width = gray.width;
    height = gray.height;
    String name = folder.add(gray, joints);
    captures.add(new Capture(joints, new BoardView(name, view.corners(), view.pixels())));
    wanted = false;
    before = null;
    sayProgress(
        "%s  %s corners, picture %s".formatted(name, view.corners().length, captures.size()));
  }

  private void dropLast() {
    if (captures.isEmpty()) {
      say.accept("no picture is there to drop");
      return;
    }
    Capture last = captures.removeLast();
    folder.remove(last.name());
    sayProgress("dropped " + last.name());
  }

  private void sayProgress(String what) {
    Optional<String> missing = coach.advice(captures(), width, height);
    say.accept(what + missing.map(advice -> "; next: " + advice).orElse("; enough"));
    done |= auto && missing.isEmpty();
    told = "";
  }

  /** Says what keeps it waiting, once. */
  private void tell(String what) {
    if (!what.equals(told)) {
      told = what;
      say.accept(what);
    }
  }

  /** Root mean square over the corners that both show, px; infinite if those are too few. */
  private static double displacement(BoardView one, BoardView other) {
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < one.corners().length; i++) {
      places.put(one.corners()[i], i);
    }
    double sum = 0;
    int common = 0;
    for (int i = 0; i < other.corners().length; i++) {
      Integer place = places.get(other.corners()[i]);
      if (place != null) {
        double du = one.pixels()[2 * place] - other.pixels()[2 * i];
        double dv = one.pixels()[2 * place + 1] - other.pixels()[2 * i + 1];
        sum += du * du + dv * dv;
        common++;
      }
    }
    return common < COMMON_MIN ? Double.POSITIVE_INFINITY : Math.sqrt(sum / common);
  }
}
