package dev.forearm.viewer;

import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.SignalReading;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the panels draw, brought up to date once a frame. Times are seconds on the runtime's clock.
 * Owned by the viewer's thread.
 */
final class LiveModel {
  private static final int POINTS = 2048;
  private static final int TRAIL_POINTS = 160;
  private static final int HEIGHT = 2; // of x y z

  private final Robot robot;
  private final ForesightTap tap;
  private final Supplier<Telemetry> source;
  private final SerialChain chain;
  private final List<PointTrack> tracks;
  private final Optional<Integer> jointsAt;
  private final SignalReading observed;
  private final SignalReading imagined;
  private final double[] toolPoint = new double[3];
  private final double[] imaginedJoints;
  private final History realised = new History(POINTS);
  private final History spread = new History(POINTS);
  private final History toolHeight = new History(POINTS);
  private final History imaginedHeight = new History(POINTS);
  private final List<History> trail =
      List.of(new History(TRAIL_POINTS), new History(TRAIL_POINTS), new History(TRAIL_POINTS));
  private @Nullable Telemetry telemetry;
  private boolean observes;
  private boolean imagines;
  private long lastImagination;

  LiveModel(Robot robot, ForesightTap tap, Supplier<Telemetry> source) {
    this.robot = robot;
    this.tap = tap;
    this.source = source;
    PolicySpec spec = tap.spec();
    chain = new SerialChain(robot);
    tracks = PointTrack.of(spec);
    jointsAt = PointTrack.imagined(spec, new Source.JointPosition());
    observed = new SignalReading(spec.observationWidth());
    imagined = new SignalReading(spec.frameSteps().size() * spec.frameWidth());
    imaginedJoints = new double[robot.jointCount()];
  }

  /** Reads everything once. */
  void update() {
    Telemetry now = source.get();
    telemetry = now;
    observes = tap.readObserved(observed);
    imagines = tap.readImagined(imagined);
    if (now.control().cycle() == 0) {
      return;
    }
    double second = now.control().nanos() * 1e-9;
    realised.add(second, now.foresight().realised());
    spread.add(second, now.foresight().spread());
    if (!observes) {
      return; // no joint state may have arrived yet
    }
    chain.toolPosition(now.control().measured(), toolPoint);
    toolHeight.add(second, toolPoint[HEIGHT]);
    for (int axis = 0; axis < 3; axis++) {
      trail.get(axis).add(second, toolPoint[axis]);
    }
    if (imagines && imagined.sequence() != lastImagination) {
      lastImagination = imagined.sequence();
      rememberImaginedHeight();
    }
  }

  Robot robot() {
    return robot;
  }

  /** Of the last update. */
  Telemetry telemetry() {
    Telemetry last = telemetry;
    if (last == null) {
      throw new IllegalStateException("nothing was read yet");
    }
    return last;
  }

  /** The control loop's time, s. */
  double now() {
    return telemetry().control().nanos() * 1e-9;
  }

  /** Whether the joints have been measured. */
  boolean measures() {
    return telemetry().control().cycle() > 0;
  }

  /** The measured grasp point, x y z in m, base frame. */
  double[] toolPoint() {
    return toolPoint;
  }

  List<PointTrack> tracks() {
    return tracks;
  }

  /** Whether the policy has observed anything yet. */
  boolean observes() {
    return observes;
  }

  /** Whether the policy imagines, and its last imagination is no older than its horizon. */
  boolean imagines() {
    return imagines && Math.abs(now() - imagined.stampNanos() * 1e-9) <= horizonSeconds();
  }

  int frames() {
    return tap.spec().frameSteps().size();
  }

  /** Where a point was seen, one coordinate (0 x, 1 y, 2 z), m. */
  double observed(PointTrack track, int coordinate) {
    return observed.values()[track.observedAt() + coordinate];
  }

  /** Where a point is imagined to be in a frame, one coordinate, m. */
  double imagined(PointTrack track, int frame, int coordinate) {
    return imagined(frame, track.imaginedAt() + coordinate);
  }

  /** One of the six numbers of how a point is imagined to be turned in a frame. */
  double imaginedTurn(PointTrack track, int frame, int number) {
    return imagined(frame, track.turnedAt() + number);
  }

  /**
   * Where the joints are imagined to be in a frame, command order, rad or m; empty of a policy that
   * does not imagine them. Valid until the next call.
   */
  Optional<double[]> imaginedJoints(int frame) {
    return jointsAt.map(offset -> {
      for (int j = 0; j < imaginedJoints.length; j++) {
        imaginedJoints[j] = imagined(frame, offset + j);
      }
      return imaginedJoints;
    });
  }

  /** How far ahead the last imagined frame is, s; 0 for a policy without frames. */
  double horizonSeconds() {
    List<Integer> steps = tap.spec().frameSteps();
    return steps.isEmpty() ? 0 : steps.getLast() * tap.spec().periodNanos() * 1e-9;
  }

  /** Realised distance, as {@link Telemetry.Foresight#realised()}. */
  History realised() {
    return realised;
  }

  /** Spread of the plans, as {@link Telemetry.Foresight#spread()}. */
  History spread() {
    return spread;
  }

  /** The measured tool's height, m. */
  History toolHeight() {
    return toolHeight;
  }

  /** The height imagined for a time, one horizon before that time came, m. */
  History imaginedHeight() {
    return imaginedHeight;
  }

  /** The last seconds of the tool's way, one coordinate (0 x, 1 y, 2 z), m. */
  History trail(int coordinate) {
    return trail.get(coordinate);
  }

  private double imagined(int frame, int place) {
    return imagined.values()[frame * tap.spec().frameWidth() + place];
  }

  private void rememberImaginedHeight() {
    for (PointTrack track : tracks) {
      if (track.isTool() && track.isImagined()) {
        imaginedHeight.add(
            imagined.stampNanos() * 1e-9 + horizonSeconds(), imagined(track, frames() - 1, HEIGHT));
      }
    }
  }
}
