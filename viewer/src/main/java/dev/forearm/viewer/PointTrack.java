package dev.forearm.viewer;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A point of the scene that a policy observes: the tool or an object.
 *
 * @param name the object's, or {@code tool}
 * @param observedAt where its x y z stand in an observation
 * @param imaginedAt where they stand in an imagined frame; {@link #NOT_IMAGINED}
 * @param turnedAt where the first two columns of its rotation stand there; {@link #NOT_IMAGINED}
 */
record PointTrack(String name, int observedAt, int imaginedAt, int turnedAt) {
  static final int NOT_IMAGINED = -1;
  private static final String TOOL = "tool";

  boolean isTool() {
    return name.equals(TOOL);
  }

  boolean isImagined() {
    return imaginedAt != NOT_IMAGINED;
  }

  /** Every point that the policy observes, in observation order. */
  static List<PointTrack> of(PolicySpec spec) {
    List<PointTrack> tracks = new ArrayList<>();
    for (Feature feature : spec.state()) {
      switch (feature.source()) {
        case Source.ToolPosition _ ->
            tracks.add(track(spec, feature.name(), TOOL, new Source.ToolRotation()));
        case Source.ObjectPosition of ->
            tracks.add(
                track(spec, feature.name(), of.object(), new Source.ObjectRotation(of.object())));
        case Source.JointPosition _,
            Source.JointVelocity _,
            Source.JointEffort _,
            Source.ToolRotation _,
            Source.ObjectRotation _,
            Source.Image _,
            Source.TopicField _ -> {}
      }
    }
    return List.copyOf(tracks);
  }

  /** Where the values from a source stand in an imagined frame; empty if it is not imagined. */
  static Optional<Integer> imagined(PolicySpec spec, Source source) {
    return spec.state().stream()
        .filter(feature -> feature.source().equals(source))
        .filter(feature -> spec.imagined().contains(feature.name()))
        .map(feature -> spec.frameOffsetOf(feature.name()))
        .findFirst();
  }

  private static PointTrack track(PolicySpec spec, String feature, String name, Source rotation) {
    boolean imagined = spec.imagined().contains(feature);
    return new PointTrack(
        name,
        spec.offsetOf(feature),
        imagined ? spec.frameOffsetOf(feature) : NOT_IMAGINED,
        imagined(spec, rotation).orElse(NOT_IMAGINED));
  }
}
