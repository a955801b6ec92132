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
 *
 * <p><b>While inference is slow</b>, half a policy step or more, a new chunk does not know what the
 * arm did meanwhile, and the next one is planned before it has shown its effect. Then the old path
 * is left gradually: its weight falls from 1 to 0, sooner than it rests there, over the blend time
 * and 1.2 times the delay that is to be expected ({@link DelayQuantile}). What inference consumed
 * of the new chunk is never executed. Not so for a chunk that does not {@linkplain
 * ActionChunk#continues continue} the one before.
 */
final class ChunkFollower implements Follower {
  /** Over the delay alone chunks chase each other; {@code bench chunk} shows it. */
  private static final double FADE_PER_DELAY = 1.2;

  private final long blendNanos;
  private final double[] gap; // command minus path when the chunk was taken
  private final double[] gapSpeed; // its rate, per second
  private final ChunkPath path;
  private final ChunkPath before; // left gradually, if it fades
  private final DelayQuantile delay = new DelayQuantile();
  private boolean fades;
  private double lengthNanos; // of the transition
  private long takenNanos;
  private long sampledNanos = Long.MIN_VALUE;
  private long sequence;

  ChunkFollower(int joints, long blendNanos) {
    this.blendNanos = blendNanos;
    gap = new double[joints];
    gapSpeed = new double[joints];
    path = new ChunkPath(joints);
    before = new ChunkPath(joints);
  }

  @Override
  public void take(ActionChunk chunk, long now, double[] position, double[] velocity) {
    delay.record(now - chunk.originNanos());
    long expected = delay.nanos();
    long step = chunk.stepNanos();
    boolean goesOn = sampledNanos != Long.MIN_VALUE && now - sampledNanos < step;
    fades = 2 * expected >= step && goesOn && chunk.continues(sequence);
    lengthNanos = blendNanos + (fades ? FADE_PER_DELAY * expected : 0);
    path.take(chunk);
    if (fades) {
      before.takeBefore(chunk);
    }
    ChunkPath left = fades ? before : path;
    left.at(now);
    for (int j = 0; j < gap.length; j++) {
      gap[j] = position[j] - left.position(j);
      gapSpeed[j] = velocity[j] - left.velocity(j);
    }
    takenNanos = now;
    sequence = chunk.sequence();
  }

  @Override
  public long delayNanos() {
    return delay.nanos();
  }

  @Override
  public void sample(long now, double[] target) {
    path.at(now);
    double s = Math.clamp((now - takenNanos) / lengthNanos, 0, 1);
    double seconds = lengthNanos * 1e-9;
    // Quintic Hermite basis: value 1 (or slope 1) at the start, value, slope and curvature 0 at the
    // end.
    double ofGap = 1 + s * s * s * (-10 + s * (15 - 6 * s));
    double ofGapSpeed = seconds * s * (1 + s * s * (-6 + s * (8 - 3 * s)));
    for (int j = 0; j < gap.length; j++) {
      target[j] = path.position(j) + ofGap * gap[j] + ofGapSpeed * gapSpeed[j];
    }
    if (fades) {
      before.at(now);
      // 1 at the start, 0 at the end; slope and curvature 0 at both.
      double ofBefore = (1 - s) * (1 - s) * (1 - s) * (1 - s) * (1 + s * (4 + 10 * s));
      for (int j = 0; j < gap.length; j++) {
        target[j] += ofBefore * (before.position(j) - path.position(j));
      }
    }
    sampledNanos = now;
  }
}
