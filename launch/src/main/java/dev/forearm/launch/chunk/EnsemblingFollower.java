package dev.forearm.launch.chunk;

import dev.forearm.runtime.control.ChunkPath;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Temporal ensembling, as ACT does it: the weighted mean of what all chunks that reach that far say
 * of a time, the oldest having the greatest weight.
 */
final class EnsemblingFollower implements Follower {
  /** ACT's {@code m}: the weight of a chunk is exp(-m i), i = 0 for the oldest. */
  private static final double FADING = 0.01;

  private record Voice(ActionChunk chunk, ChunkPath path) {
    long endNanos() {
      return chunk.dueNanos(chunk.steps() - 1);
    }
  }

  private final PolicySpec spec;
  private final long cycleNanos;
  private final Deque<Voice> voices = new ArrayDeque<>(); // oldest first
  private long lastNanos = Long.MIN_VALUE;

  EnsemblingFollower(PolicySpec spec, long cycleNanos) {
    this.spec = spec;
    this.cycleNanos = cycleNanos;
  }

  @Override
  public void take(ActionChunk next, long now, double[] position, double[] velocity) {
    if (now - lastNanos > cycleNanos) { // it was not this that was followed until now
      voices.clear();
    }
    ActionChunk chunk = new ActionChunk(spec);
    chunk.copy(next);
    ChunkPath path = new ChunkPath(spec.joints().size());
    path.take(chunk);
    voices.addLast(new Voice(chunk, path));
  }

  @Override
  public void sample(long now, double[] target) {
    while (voices.size() > 1 && voices.getFirst().endNanos() < now) {
      voices.removeFirst();
    }
    Arrays.fill(target, 0);
    double weight = 1;
    double total = 0;
    for (Voice voice : voices) {
      voice.path.at(now);
      for (int j = 0; j < target.length; j++) {
        target[j] += weight * voice.path.position(j);
      }
      total += weight;
      weight *= Math.exp(-FADING);
    }
    for (int j = 0; j < target.length; j++) {
      target[j] /= total;
    }
    lastNanos = now;
  }
}
