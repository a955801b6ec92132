package dev.forearm.viewer;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of the scene that a policy observes: the tool or an object.
 *
 * @param name the object's, or {@code tool}
 * @param observedAt where its x y z stand in an observation
 * @param imaginedAt where they stand in an imagined frame; {@link #NOT_IMAGINED}
 */
record PointTrack(String name, int observedAt, int imaginedAt) {
  static final int NOT_IMAGINED = -1;
  private static final String TOOL_SOURCE = "tool_position";
  private static final String TOOL = "tool";
  private static final String OBJECT_SOURCE = "object_position:";

  boolean isTool() {
    return name.equals(TOOL);
  }

  boolean isImagined() {
    return imaginedAt != NOT_IMAGINED;
  }

  /** Every point that the policy observes, in observation order. */
  static List<PointTrack> of(PolicySpec spec) {
    List<PointTrack> tracks = new ArrayList<>();
    for (Feature feature : spec.observation()) {
      int observedAt = spec.offsetOf(feature.name());
      int imaginedAt = imaginedAt(spec, feature.name());
      if (feature.source().equals(TOOL_SOURCE)) {
        tracks.add(new PointTrack(TOOL, observedAt, imaginedAt));
      } else if (feature.source().startsWith(OBJECT_SOURCE)) {
        String object = feature.source().substring(OBJECT_SOURCE.length());
        tracks.add(new PointTrack(object, observedAt, imaginedAt));
      }
    }
    return List.copyOf(tracks);
  }

  private static int imaginedAt(PolicySpec spec, String wanted) {
    int offset = 0;
    for (String name : spec.imagined()) {
      if (name.equals(wanted)) {
        return offset;
      }
      offset +=
          spec.observation().stream()
              .filter(feature -> feature.name().equals(name))
              .mapToInt(Feature::size)
              .sum();
    }
    return NOT_IMAGINED;
  }
}
