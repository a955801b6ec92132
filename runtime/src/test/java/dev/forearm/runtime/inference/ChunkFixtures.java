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

  /** The whole of the next chunk, which continues another. */
  public static ActionChunk next(
      PolicySpec spec, double[] actions, long observedNanos, ActionChunk before) {
    ActionChunk chunk = new ActionChunk(spec);
    chunk.accept(actions, spec.chunkSteps(), observedNanos, observedNanos, before.sequence() + 1);
    chunk.continueFrom(before);
    return chunk;
  }
}
