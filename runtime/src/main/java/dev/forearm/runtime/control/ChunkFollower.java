package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;

/**
 * The path through a chunk, sampled at any time. Control thread; never allocates.
 *
 * <p><b>Between actions</b> the path is a shape-preserving cubic (Fritsch and Butland 1984): it
 * passes through every action at its due time, its velocity is continuous, and it never overshoots
 * what the policy asked for. After the last action it rests there.
 *
 * <p><b>From chunk to chunk</b> there is no splice. The difference in position and velocity between
 * the command and the new path dies out along a quintic over the blend time, so both stay
 * continuous however much the chunks disagree (the inertialization of Bollo, GDC 2018).
 */
final class ChunkFollower {
  private final double blendNanos;
  private final double[] gap; // command minus path when the chunk was taken
  private final double[] gapSpeed; // its rate, per second
  private final ChunkPath path;
  private long takenNanos;

  ChunkFollower(int joints, long blendNanos) {
    this.blendNanos = blendNanos;
    gap = new double[joints];
    gapSpeed = new double[joints];
    path = new ChunkPath(joints);
  }

  /**
   * Goes over to a new chunk.
   *
   * @param chunk not refused; read until the next call
   * @param position commanded at {@code now}, rad or m
   * @param velocity commanded at {@code now}, rad/s or m/s
   */
  void take(ActionChunk chunk, long now, double[] position, double[] velocity) {
    path.take(chunk);
    path.at(now);
    for (int j = 0; j < gap.length; j++) {
      gap[j] = position[j] - path.position(j);
      gapSpeed[j] = velocity[j] - path.velocity(j);
    }
    takenNanos = now;
  }

  /** Writes the positions wanted at {@code now}, rad or m. */
  void sample(long now, double[] target) {
    path.at(now);
    double s = Math.clamp((now - takenNanos) / blendNanos, 0, 1);
    double blendSeconds = blendNanos * 1e-9;
    // Quintic Hermite basis: value 1 (or slope 1) at the start, value, slope and curvature 0 at the
    // end.
    double ofGap = 1 + s * s * s * (-10 + s * (15 - 6 * s));
    double ofGapSpeed = blendSeconds * s * (1 + s * s * (-6 + s * (8 - 3 * s)));
    for (int j = 0; j < gap.length; j++) {
      target[j] = path.position(j) + ofGap * gap[j] + ofGapSpeed * gapSpeed[j];
    }
  }
}
