package dev.forearm.runtime.policy;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a policy reads and writes. All widths are in values, all steps in policy steps.
 *
 * @param observation features of the full observation, in order: the world model's input
 * @param proprioception names of the observation features that the actor sees, in order
 * @param imagined names of the observation features that the world model imagines, in order
 * @param frameSteps policy steps ahead of each imagined frame, ascending, for example 4 8 12 16
 * @param joints joint names of an action, in order
 * @param chunkSteps actions in one chunk; action k is to be reached k + 1 steps after the
 *     observation
 * @param periodNanos one policy step, which is also the time between two plans
 */
public record PolicySpec(
    List<Feature> observation,
    List<String> proprioception,
    List<String> imagined,
    List<Integer> frameSteps,
    List<String> joints,
    int chunkSteps,
    long periodNanos) {
  public PolicySpec {
    observation = List.copyOf(observation);
    proprioception = List.copyOf(proprioception);
    imagined = List.copyOf(imagined);
    frameSteps = List.copyOf(frameSteps);
    joints = List.copyOf(joints);
  }

  /** Width of the full observation. */
  public int observationWidth() {
    return observation.stream().mapToInt(Feature::size).sum();
  }

  /** Width of the actor's proprioceptive input. */
  public int proprioceptionWidth() {
    return widthOf(proprioception);
  }

  /** Width of one imagined frame. */
  public int frameWidth() {
    return widthOf(imagined);
  }

  /** Offset of a feature in the observation. */
  public int offsetOf(String feature) {
    int offset = 0;
    for (Feature f : observation) {
      if (f.name().equals(feature)) {
        return offset;
      }
      offset += f.size();
    }
    throw new IllegalArgumentException(
        "feature '%s' is not in the observation %s"
            .formatted(feature, observation.stream().map(Feature::name).toList()));
  }

  /** Places in the observation of the values of some features, in their order. */
  public int[] placesOf(List<String> features) {
    return features.stream()
        .flatMapToInt(name -> {
          int offset = offsetOf(name);
          return IntStream.range(offset, offset + widthOf(List.of(name)));
        })
        .toArray();
  }

  /** Places in the observation of the values that come from {@code source}; empty if none do. */
  public int[] placesOfSource(String source) {
    return placesOf(
        observation.stream()
            .filter(feature -> feature.source().equals(source))
            .map(Feature::name)
            .limit(1)
            .toList());
  }

  private int widthOf(List<String> names) {
    int width = 0;
    for (String name : names) {
      width +=
          observation.stream()
              .filter(f -> f.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("feature '" + name + "' is not observed"))
              .size();
    }
    return width;
  }
}
