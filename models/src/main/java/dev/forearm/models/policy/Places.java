package dev.forearm.models.policy;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.List;
import java.util.stream.IntStream;

/** Where named features lie in the observation, value by value. */
final class Places {
  private Places() {}

  static int[] of(PolicySpec spec, List<String> features) {
    return features.stream()
        .flatMapToInt(name -> {
          int offset = spec.offsetOf(name);
          return IntStream.range(offset, offset + size(spec, name));
        })
        .toArray();
  }

  /** The observation's places of the values that come from {@code source}, or none. */
  static int[] ofSource(PolicySpec spec, String source) {
    return of(
        spec,
        spec.observation().stream()
            .filter(feature -> feature.source().equals(source))
            .map(Feature::name)
            .limit(1)
            .toList());
  }

  private static int size(PolicySpec spec, String name) {
    return spec.observation().stream()
        .filter(feature -> feature.name().equals(name))
        .mapToInt(Feature::size)
        .sum();
  }
}
