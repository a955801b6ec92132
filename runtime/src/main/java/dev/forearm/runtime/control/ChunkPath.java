package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;

/**
 * The shape-preserving cubic through one chunk's actions; see {@link ChunkFollower}. One thread at
 * a time; allocates nothing after it was made.
 */
public final class ChunkPath {
  private final int joints;
  private final double[] position;
  private final double[] velocity;
  private double[] actions = {};
  private int steps;
  private long originNanos;
  private long stepNanos;

  public ChunkPath(int joints) {
    this.joints = joints;
    position = new double[joints];
    velocity = new double[joints];
  }

  /**
   * Goes over to another chunk.
   *
   * @param next not refused; read until the next call
   */
  public void take(ActionChunk next) {
    actions = next.actions();
    steps = next.steps();
    originNanos = next.originNanos();
    stepNanos = next.stepNanos();
  }

  /** Goes over to the chunk that another one {@link ActionChunk#continues}. */
  void takeBefore(ActionChunk next) {
    actions = next.actionsBefore();
    steps = next.stepsBefore();
    originNanos = next.originBeforeNanos();
    stepNanos = next.stepNanos();
  }

  /** Position at the last {@link #at}, rad or m. */
  public double position(int joint) {
    return position[joint];
  }

  /** Velocity at the last {@link #at}, rad/s or m/s. */
  public double velocity(int joint) {
    return velocity[joint];
  }

  /** Evaluates the path at a time on the runtime's clock. */
  public void at(long now) {
    if (steps == 0) {
      throw new IllegalStateException("no chunk has been taken");
    }
    double due = (double) (now - originNanos) / stepNanos;
    double seconds = stepNanos * 1e-9;
    // Segment k leads to action k. The first one leads up to action 0 along the line of the first
    // two.
    int segment = (int) Math.floor(Math.max(0, due));
    boolean over = segment >= steps;
    double u = due - segment;
    for (int j = 0; j < joints; j++) {
      if (over) {
        position[j] = action(steps - 1, j);
        velocity[j] = 0;
      } else {
        evaluate(segment, u, seconds, j);
      }
    }
  }

  /** Cubic Hermite on one segment, u from 0 to 1. */
  private void evaluate(int segment, double u, double seconds, int j) {
    double from = action(segment - 1, j);
    double to = action(segment, j);
    double slopeFrom = slope(segment - 1, j);
    double slopeTo = slope(segment, j);
    double rise = to - from;
    double b = 3 * rise - 2 * slopeFrom - slopeTo;
    double c = slopeFrom + slopeTo - 2 * rise;
    position[j] = from + u * (slopeFrom + u * (b + u * c));
    velocity[j] = (slopeFrom + u * (2 * b + 3 * u * c)) / seconds;
  }

  /** Slope at an action, per step: harmonic mean of its two neighbours', 0 where they disagree. */
  private double slope(int step, int j) {
    if (step == steps - 1) {
      return 0; // the path ends at rest
    }
    double after = action(step + 1, j) - action(step, j);
    if (step < 0) {
      return after;
    }
    double before = action(step, j) - action(step - 1, j);
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
  }

  /** Action {@code step}; step -1 continues the first two backwards. */
  private double action(int step, int j) {
    if (step >= 0) {
      return actions[step * joints + j];
    }
    return steps == 1 ? actions[j] : 2 * actions[j] - actions[joints + j];
  }
}
