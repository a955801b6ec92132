package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;

/** Where the values of an imagined frame stand in the observation. */
final class FrameLayout {
  private FrameLayout() {}

  static int[] observedAt(PolicySpec spec) {
    int[] indices = new int[spec.frameWidth()];
    int next = 0;
    for (String name : spec.imagined()) {
      int offset = spec.offsetOf(name);
      for (int i = 0; i < sizeOf(spec, name); i++) {
        indices[next++] = offset + i;
      }
    }
    return indices;
  }

  private static int sizeOf(PolicySpec spec, String name) {
    return spec.observation().stream()
        .filter(feature -> feature.name().equals(name))
        .mapToInt(Feature::size)
        .sum();
  }
}
