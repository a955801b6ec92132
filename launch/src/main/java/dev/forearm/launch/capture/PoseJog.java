package dev.forearm.launch.capture;

import dev.forearm.calibration.handeye.Capture;
import dev.forearm.runtime.policy.Maneuver;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes an arm to poses that the coach proposes, for as long as a person holds a key down. A
 * terminal tells of a held key as of one that is pressed again and again, and not when it goes up:
 *
 * <pre>
 *   UP --m, no pose: one is proposed-------------------&gt; SPENT --no m for a second--&gt; UP
 *   UP --m--&gt; DOWN --m again: it is held--&gt; MOVING --another key; there--&gt; SPENT
 *             DOWN --no m for a second--&gt; UP
 *                                         MOVING --no m for .3 s: let go of-------&gt; UP
 * </pre>
 *
 * <p>So one press moves nothing, and neither does a key that is still held from before. Whether
 * somebody holds it, the inference thread checks as well: the arm stops if this thread hangs. The
 * waiting thread's.
 */
final class PoseJog implements Steering {
  static final String KEYS =
      "m proposes a pose and, held, moves the arm there; let go, or with any other key, it stops; r ends a fault";

  /** A held key repeats some 30 times a second; a network may bunch that. */
  private static final long REPEAT_NANOS = 300_000_000;

  /** ... and begins to some .2 to .7 s after it went down. */
  private static final long FIRST_REPEAT_NANOS = 1_000_000_000;

  private final Robot robot;
  private final GuidedArm arm;
  private final Coach coach;
  private final Consumer<String> say;
  private Key key = Key.UP;
  private long pressedNanos;
  private double @Nullable [] target;
  private int proposedAfter; // so many captures

  private enum Key {
    UP,
    DOWN,
    MOVING,
    SPENT
  }

  PoseJog(Robot robot, GuidedArm arm, Coach coach, Consumer<String> say) {
    this.robot = robot;
    this.arm = arm;
    this.coach = coach;
    this.say = say;
  }

  @Override
  public boolean turn(int typed, long now, List<Capture> captures) {
    if (captures.size() != proposedAfter) {
      target = null;
    }
    lookWhetherHeld(now);
    if (typed == 'm') {
      press(now, captures);
    } else if (typed != TypedKeys.NONE) {
      stop(Key.SPENT);
      if (typed == 'r') {
        arm.reset();
      }
    }
    arm.turn();
    return key == Key.MOVING && !arm.moving() && arrive();
  }

  @Override
  public boolean underWay() {
    return key == Key.MOVING;
  }

  private void lookWhetherHeld(long now) {
    long silent = now - pressedNanos;
    switch (key) {
      case UP -> {}
      case DOWN, SPENT -> key = silent > FIRST_REPEAT_NANOS ? Key.UP : key;
      case MOVING -> {
        if (silent > REPEAT_NANOS) {
          stop(Key.UP);
        }
      }
    }
  }

  private void press(long now, List<Capture> captures) {
    pressedNanos = now;
    double[] to = target;
    switch (key) {
      case UP -> {
        if (to == null) {
          propose(captures);
          key = Key.SPENT;
        } else {
          key = Key.DOWN;
        }
      }
      case DOWN -> {
        boolean begun =
            to != null && arm.begin(Maneuver.Journey.slow(robot, to), now + REPEAT_NANOS);
        key = begun ? Key.MOVING : Key.SPENT;
      }
      case MOVING -> arm.keepGoing(now + REPEAT_NANOS);
      case SPENT -> {}
    }
  }

  private void stop(Key next) {
    arm.stop();
    key = key == Key.UP ? key : next;
  }

  private boolean arrive() {
    double[] to = target;
    key = Key.SPENT;
    if (to == null || !arm.finished()) {
      return false;
    }
    Optional<String> missed = arm.misses(to);
    say.accept(missed.orElse("there; m proposes another pose"));
    target = null;
    return missed.isEmpty();
  }

  private void propose(List<Capture> captures) {
    if (captures.isEmpty()) {
      say.accept("take a picture first, where the camera sees the board and the arm has room");
      return;
    }
    double[] standing = arm.measured();
    Optional<double[]> pose = coach.pose(captures, standing);
    target = pose.orElse(null);
    proposedAfter = captures.size();
    say.accept(
        pose.map(to -> "a pose: " + described(standing, to) + "; hold m")
            .orElse("found no pose that the arm can go to from here; m looks again"));
  }

  /** Which joint goes how far, and how long all of it takes. */
  private String described(double[] standing, double[] to) {
    int furthest = 0;
    float[] start = new float[to.length];
    for (int j = 0; j < to.length; j++) {
      start[j] = (float) standing[j];
      furthest =
          Math.abs(to[j] - standing[j]) > Math.abs(to[furthest] - standing[furthest])
              ? j
              : furthest;
    }
    double way = to[furthest] - standing[furthest];
    boolean turns = robot.joints().get(furthest).unit() == JointUnit.RADIAN;
    return String.format(
        Locale.ROOT,
        "%s by %.0f %s, the others less, in %.0f s",
        robot.jointNames().get(furthest),
        turns ? Math.toDegrees(way) : 1e3 * way,
        turns ? "deg" : "mm",
        Maneuver.Journey.slow(robot, to).seconds(start));
  }
}
