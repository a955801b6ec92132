package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;
import org.jspecify.annotations.Nullable;

/** The shape-preserving cubic through one chunk's actions; see {@link ChunkFollower}. */
final class ChunkPath {
  private final int joints;
  private final double[] position;
  private final double[] velocity;
  private @Nullable ActionChunk chunk;

  ChunkPath(int joints) {
    this.joints = joints;
    position = new double[joints];
    velocity = new double[joints];
  }

  void take(ActionChunk next) {
    chunk = next;
  }

  /** Position at the last {@link #at}, rad or m. */
  double position(int joint) {
    return position[joint];
  }

  /** Velocity at the last {@link #at}, rad/s or m/s. */
  double velocity(int joint) {
    return velocity[joint];
  }

  /** Evaluates the path at a time on the runtime's clock. */
  void at(long now) {
    ActionChunk through = chunk;
    if (through == null) {
      throw new IllegalStateException("no chunk has been taken");
    }
    double steps = (double) (now - through.originNanos()) / through.stepNanos();
    double seconds = through.stepNanos() * 1e-9;
    // Segment k leads to action k. The first one leads up to action 0 along the line of the first
    // two.
    int segment = (int) Math.floor(Math.max(0, steps));
    boolean over = segment >= through.steps();
    double u = steps - segment;
    for (int j = 0; j < joints; j++) {
      if (over) {
        position[j] = action(through, through.steps() - 1, j);
        velocity[j] = 0;
      } else {
        evaluate(through, segment, u, seconds, j);
      }
    }
  }

  /** Cubic Hermite on one segment, u from 0 to 1. */
  private void evaluate(ActionChunk through, int segment, double u, double seconds, int j) {
    double from = action(through, segment - 1, j);
    double to = action(through, segment, j);
    double slopeFrom = slope(through, segment - 1, j);
    double slopeTo = slope(through, segment, j);
    double rise = to - from;
    double b = 3 * rise - 2 * slopeFrom - slopeTo;
    double c = slopeFrom + slopeTo - 2 * rise;
    position[j] = from + u * (slopeFrom + u * (b + u * c));
    velocity[j] = (slopeFrom + u * (2 * b + 3 * u * c)) / seconds;
  }

  /** Slope at an action, per step: harmonic mean of its two neighbours', 0 where they disagree. */
  private double slope(ActionChunk through, int step, int j) {
    if (step == through.steps() - 1) {
      return 0; // the path ends at rest
    }
    double after = action(through, step + 1, j) - action(through, step, j);
    if (step < 0) {
      return after;
    }
    double before = action(through, step, j) - action(through, step - 1, j);
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
  }

  /** Action {@code step}; step -1 continues the first two backwards. */
  private double action(ActionChunk through, int step, int j) {
    double[] actions = through.actions();
    if (step >= 0) {
      return actions[step * joints + j];
    }
    return through.steps() == 1 ? actions[j] : 2 * actions[j] - actions[joints + j];
  }
}
