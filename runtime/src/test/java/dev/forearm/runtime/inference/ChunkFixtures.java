package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.PolicySpec;

/** Chunks made by hand, for tests outside this package. */
public final class ChunkFixtures {
  private ChunkFixtures() {}

  public static ActionChunk chunk(
      PolicySpec spec, double[] actions, int steps, long observedNanos) {
    ActionChunk chunk = new ActionChunk(spec);
    chunk.accept(actions, steps, observedNanos, observedNanos, 1);
    return chunk;
  }
}
