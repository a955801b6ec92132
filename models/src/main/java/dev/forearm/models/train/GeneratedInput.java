package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * A float32 input of the training graph that does not come from the examples. Graphs draw no random
 * numbers of their own, so the noise and the time of flow matching, for instance, are such inputs.
 */
public sealed interface GeneratedInput {
  /** Standard normal numbers, new in every micro-batch. */
  record Normal() implements GeneratedInput {}

  /** Numbers uniform in (0, 1], new in every micro-batch. */
  record Uniform() implements GeneratedInput {}

  /** The same number everywhere, for example the weight of a loss. */
  record Constant(float value) implements GeneratedInput {}

  /** Fills an input; equal keys give equal bits. */
  default void fill(MemorySegment input, long key) {
    long count = input.byteSize() / Float.BYTES;
    for (long i = 0; i < count; i++) {
      float value =
          switch (this) {
            case Normal normal -> (float) SplitMix.normal(key, i);
            case Uniform uniform -> (float) SplitMix.uniform(key, i);
            case Constant constant -> constant.value();
          };
      input.setAtIndex(JAVA_FLOAT, i, value);
    }
  }
}
