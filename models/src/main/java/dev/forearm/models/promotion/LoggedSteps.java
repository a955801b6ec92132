package dev.forearm.models.promotion;

import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.Statistics;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was seen, what was commanded after it and where that led, one horizon later, with the
 * numbers of a bundle's statistics; what is more than {@value #MOST} deviations off counts as that,
 * so that one knocked cube does not outweigh everything. Commands are those that were sent, not
 * those planned: a chunk is replaced after one of its steps.
 */
final class LoggedSteps {
  private static final float MOST = 5;

  private final PolicySpec spec;
  private final Statistics statistics;
  private final int[] joints; // of an action, in the robot's command order
  private final int[] places; // of an imagined frame's values in the observation
  private final int horizon;
  private final int lastFrame; // where it begins among the imagined values

  /**
   * One of them, physical units.
   *
   * @param observation [feature]
   * @param knots [frame][joint]: the command at each frame's step
   * @param frame [imagined feature] at the last frame's step
   */
  @SuppressWarnings("ArrayRecordComponent") // numbers on their way into one array
  record Step(float[] observation, double[] knots, float[] frame) {}

  LoggedSteps(PolicySpec spec, Statistics statistics, Robot robot) {
    this.spec = spec;
    this.statistics = statistics;
    joints = spec.joints().stream().mapToInt(robot::jointIndex).toArray();
    places = spec.placesOf(spec.imagined());
    horizon = spec.frameSteps().getLast();
    lastFrame = (spec.frameSteps().size() - 1) * places.length;
  }

  /** Every {@code stride}th step of an episode whose whole horizon was recorded, in order. */
  List<Step> of(RecordedPlans episode, int stride) {
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    Optional<ActuatorCalibration> servos = episode.actuators();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i + horizon < stamps.size(); i += stride) {
      float[] seen = episode.observations().get(stamps.get(i));
      float[] later = episode.observations().get(stamps.get(i + horizon));
      double[] knots = knots(episode, servos, stamps, i);
      long late = stamps.get(i + horizon) - stamps.get(i) - horizon * spec.periodNanos();
      if (seen != null
          && later != null
          && seen.length == spec.observationWidth()
          && later.length == seen.length
          && 2 * Math.abs(late) <= spec.periodNanos()
          && knots.length > 0) {
        float[] frame = new float[places.length];
        for (int k = 0; k < frame.length; k++) {
          frame[k] = later[places[k]];
        }
        steps.add(new Step(seen, knots, frame));
      }
    }
    return steps;
  }

  /** Empty where a command is missing. */
  private double[] knots(
      RecordedPlans episode, Optional<ActuatorCalibration> servos, List<Long> stamps, int from) {
    double[] knots = new double[spec.frameSteps().size() * joints.length];
    int at = 0;
    for (int step : spec.frameSteps()) {
      double[] sent = episode.commands().get(stamps.get(from + reached(step)));
      if (sent == null) {
        return new double[0];
      }
      double[] wished = sent.clone();
      servos.ifPresent(known -> known.toPositions(wished));
      for (int joint : joints) {
        knots[at++] = wished[joint];
      }
    }
    return knots;
  }

  /** The knots of a chunk, [step][joint]. */
  double[] knots(double[] chunk) {
    double[] knots = new double[spec.frameSteps().size() * joints.length];
    int at = 0;
    for (int step : spec.frameSteps()) {
      for (int j = 0; j < joints.length; j++) {
        knots[at++] = chunk[(reached(step) - 1) * joints.length + j];
      }
    }
    return knots;
  }

  /** A chunk may end before the last frame. */
  private int reached(int step) {
    return Math.min(step, spec.chunkSteps());
  }

  /** Numbers that say what is seen and commanded. */
  int inputWidth() {
    return spec.observationWidth() + spec.frameSteps().size() * joints.length;
  }

  int frameWidth() {
    return places.length;
  }

  /** What is seen and commanded, normalised, into {@code to} from {@code at}. */
  void input(float[] seen, double[] knots, float[] to, int at) {
    for (int i = 0; i < seen.length; i++) {
      to[at + i] = bounded(statistics.observation().normalised(seen, i, seen[i]));
    }
    for (int k = 0; k < knots.length; k++) {
      int step = reached(spec.frameSteps().get(k / joints.length)) - 1;
      int value = step * joints.length + k % joints.length;
      to[at + seen.length + k] =
          bounded(statistics.action().normalised(seen, value, (float) knots[k]));
    }
  }

  /** A frame as change of what was seen, normalised. */
  void change(float[] seen, float[] frame, float[] to, int at) {
    for (int i = 0; i < frame.length; i++) {
      to[at + i] = bounded(statistics.imagined().normalised(seen, lastFrame + i, frame[i]));
    }
  }

  /** What has not changed. */
  float[] still(float[] seen) {
    float[] frame = new float[places.length];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = seen[places[i]];
    }
    return frame;
  }

  /** A changed frame, as a value network sees it: normalised as an observation. */
  void outlook(float[] seen, float[] change, int from, float[] to, int at) {
    Scaling observed = statistics.observation();
    for (int i = 0; i < places.length; i++) {
      double value = statistics.imagined().physical(seen, lastFrame + i, change[from + i]);
      to[at + i] = bounded(observed.normalised(seen, places[i], (float) value));
    }
  }

  private static float bounded(float deviations) {
    return Math.clamp(deviations, -MOST, MOST);
  }
}
