package dev.forearm.calibration.actuators;

import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.JointResponse;
import java.util.Arrays;
import java.util.List;

/**
 * One joint's motion in some episodes, sampled every {@value #PERIOD_SECONDS} s: where it was, and
 * what it had been commanded a lag before.
 */
final class MotionSamples {
  private static final double PERIOD_SECONDS = 0.02;

  /** Over which motion of command and joint are compared. */
  private static final double WINDOW_SECONDS = 0.1;

  private static final double SETTLE_SECONDS = 0.5; // after an episode's first command
  private static final double LAG_STEP_SECONDS = 0.01;

  /** Share of the samples that are calm enough for a lag to stand for all dynamics. */
  private static final double CALM_SHARE = 0.67;

  /** A joint that goes less than this share of its command's way is held by something. */
  private static final double FREE_SHARE = 0.5;

  private final List<JointMotion> motions;
  private final int[] episodes; // of each sample
  private final double[] times; // s, on the episode's clock
  private final double[] positions;
  private final double[] commands;
  private final double[] speeds;

  MotionSamples(List<JointMotion> motions) {
    this.motions = motions;
    int[] counts = motions.stream().mapToInt(motion -> count(motion)).toArray();
    int size = Arrays.stream(counts).sum();
    episodes = new int[size];
    times = new double[size];
    positions = new double[size];
    commands = new double[size];
    speeds = new double[size];
    int at = 0;
    for (int episode = 0; episode < counts.length; episode++) {
      JointMotion motion = motions.get(episode);
      double start = start(motion);
      for (int i = 0; i < counts[episode]; i++) {
        episodes[at] = episode;
        times[at] = start + i * PERIOD_SECONDS;
        positions[at] = at(motion.positionNanos(), motion.positions(), times[at]);
        at++;
      }
    }
  }

  /** Measured, rad or m. */
  double[] positions() {
    return positions;
  }

  /** Commanded a lag before, rad or m; as the last {@link #shift} has it. */
  double[] commands() {
    return commands;
  }

  /** Of the command a lag before, rad/s or m/s. */
  double[] speeds() {
    return speeds;
  }

  /** Samples of one second of one episode have a number of their own. */
  int block(int i) {
    return Math.floorMod(episodes[i] * 100_003 + (int) times[i], Integer.MAX_VALUE);
  }

  /** Looks up what was commanded {@code lag} seconds before each sample. */
  void shift(double lag) {
    for (int i = 0; i < times.length; i++) {
      commands[i] = command(i, -lag);
      speeds[i] =
          (command(i, PERIOD_SECONDS - lag) - command(i, -PERIOD_SECONDS - lag))
              / (2 * PERIOD_SECONDS);
    }
  }

  /** The lag, s, at which the joint moves most like its command, whatever its gain and bias. */
  double roughLag() {
    double best = Double.POSITIVE_INFINITY;
    double found = 0;
    for (double lag = 0; lag <= JointResponse.LAG_MAX_NANOS * 1e-9; lag += LAG_STEP_SECONDS) {
      double sum = 0;
      for (int i = 0; i < times.length; i++) {
        sum += Math.abs(moved(i) - told(i, lag));
      }
      if (sum < best) {
        best = sum;
        found = lag;
      }
    }
    return found;
  }

  /**
   * Samples at which the command hardly accelerates and nothing holds the joint: once it does not
   * follow its command it counts as held until it does again.
   *
   * @param lag about right, s
   */
  boolean[] calmAndFree(double lag) {
    double[] accelerations = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      accelerations[i] =
          Math.abs(
              command(i, PERIOD_SECONDS - lag)
                  - 2 * command(i, -lag)
                  + command(i, -PERIOD_SECONDS - lag));
    }
    double[] sorted = accelerations.clone();
    Arrays.sort(sorted);
    double calm = times.length == 0 ? 0 : sorted[(int) (CALM_SHARE * (times.length - 1))];
    double noticed = noticed(lag);
    boolean[] usable = new boolean[times.length];
    boolean held = false;
    for (int i = 0; i < times.length; i++) {
      held &= i > 0 && episodes[i] == episodes[i - 1];
      double told = told(i, lag);
      if (Math.abs(told) > noticed) {
        held = moved(i) / told < FREE_SHARE;
      }
      usable[i] = !held && accelerations[i] <= calm;
    }
    return usable;
  }

  /**
   * Motion of the command that is clear of its noise: a tenth of what it usually does if it moves.
   */
  private double noticed(double lag) {
    double[] told = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      told[i] = Math.abs(told(i, lag));
    }
    Arrays.sort(told);
    return times.length == 0 ? 0 : 0.1 * told[(int) (0.9 * (times.length - 1))];
  }

  private double moved(int i) {
    JointMotion motion = motions.get(episodes[i]);
    return positions[i] - at(motion.positionNanos(), motion.positions(), times[i] - WINDOW_SECONDS);
  }

  private double told(int i, double lag) {
    return command(i, -lag) - command(i, -lag - WINDOW_SECONDS);
  }

  private double command(int i, double after) {
    JointMotion motion = motions.get(episodes[i]);
    return at(motion.commandNanos(), motion.commands(), times[i] + after);
  }

  private static double start(JointMotion motion) {
    return Math.max(motion.commandNanos()[0], motion.positionNanos()[0]) * 1e-9 + SETTLE_SECONDS;
  }

  private static int count(JointMotion motion) {
    double end =
        Math.min(
                motion.commandNanos()[motion.commandNanos().length - 1],
                motion.positionNanos()[motion.positionNanos().length - 1])
            * 1e-9;
    return (int) Math.max(0, (end - start(motion)) / PERIOD_SECONDS);
  }

  /** A series at a time, straight between its values and resting outside of them. */
  private static double at(long[] nanos, double[] values, double seconds) {
    long time = Math.round(seconds * 1e9);
    int found = Arrays.binarySearch(nanos, time);
    if (found >= 0) {
      return values[found];
    }
    int after = -found - 1;
    if (after == 0) {
      return values[0];
    }
    if (after == nanos.length) {
      return values[after - 1];
    }
    double part = (double) (time - nanos[after - 1]) / (nanos[after] - nanos[after - 1]);
    return values[after - 1] + part * (values[after] - values[after - 1]);
  }
}
