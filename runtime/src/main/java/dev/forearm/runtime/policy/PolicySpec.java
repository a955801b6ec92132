package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a policy reads and writes, and where in an observation or an imagined frame each feature
 * stands. All widths are in values, all steps in policy steps.
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

  /** Of a policy that sees the robot's joints and tool, and imagines nothing. */
  static PolicySpec ofOwnMotion(Robot robot, int chunkSteps) {
    return new PolicySpec(
        List.of(
            new Feature("joint_position", new Source.JointPosition(), robot.jointCount(), "mixed"),
            new Feature("tool_position", new Source.ToolPosition(), 3, "m")),
        List.of("joint_position"),
        List.of(),
        List.of(),
        robot.jointNames(),
        chunkSteps,
        robot.policyPeriodNanos());
  }

  /** Features whose values make up an observation's vector, in order. */
  public List<Feature> state() {
    return observation.stream().filter(feature -> !feature.isImage()).toList();
  }

  /** Features that are images, in order. */
  public List<Feature> images() {
    return observation.stream().filter(Feature::isImage).toList();
  }

  /** What {@link #images()} come from, in order. */
  public List<Source.Image> imageSources() {
    return images().stream().map(image -> (Source.Image) image.source()).toList();
  }

  /** Width of an observation's vector. */
  public int observationWidth() {
    return state().stream().mapToInt(Feature::size).sum();
  }

  /** Width of the actor's proprioceptive input. */
  public int proprioceptionWidth() {
    return placesOf(proprioception).length;
  }

  /** Width of one imagined frame. */
  public int frameWidth() {
    return placesOf(imagined).length;
  }

  /** Offset of a feature in an observation's vector. */
  public int offsetOf(String feature) {
    return offset(state().stream().map(Feature::name).toList(), feature);
  }

  /** Offset of a feature in an imagined frame. */
  public int frameOffsetOf(String feature) {
    return offset(imagined, feature);
  }

  /** Places in an observation's vector of the values of some features, in their order. */
  public int[] placesOf(List<String> features) {
    return features.stream()
        .flatMapToInt(name -> {
          int from = offsetOf(name);
          return IntStream.range(from, from + sizeOf(name));
        })
        .toArray();
  }

  /** Places in an observation's vector of the values from {@code source}; empty if none are. */
  public int[] placesOfSource(Source source) {
    return placesOf(
        state().stream()
            .filter(feature -> feature.source().equals(source))
            .map(Feature::name)
            .limit(1)
            .toList());
  }

  /** Where in an observation's vector each object's position begins, x y z, in their order. */
  public int[] objectPlaces() {
    return state().stream()
        .filter(feature -> feature.source() instanceof Source.ObjectPosition)
        .mapToInt(feature -> offsetOf(feature.name()))
        .toArray();
  }

  /**
   * The first of {@link #placesOfSource}.
   *
   * @param who cannot do without, for the message
   * @throws IllegalArgumentException if none are
   */
  public int placeNeeded(Source source, String who) {
    int[] places = placesOfSource(source);
    if (places.length == 0) {
      throw new IllegalArgumentException(
          "%s: found no feature from %s in the observation %s"
              .formatted(who, source.text(), observation));
    }
    return places[0];
  }

  /**
   * The first thing in which this reads or writes otherwise than a policy at work: empty if it can
   * take its place while the robot runs. What the actor sees of the observation is its own affair.
   */
  public Optional<String> misfit(PolicySpec atWork) {
    for (int i = 0; i < Math.max(observation.size(), atWork.observation.size()); i++) {
      Optional<String> other =
          misfit(
              "observation feature " + i, feature(observation, i), feature(atWork.observation, i));
      if (other.isPresent()) {
        return other;
      }
    }
    return misfit("imagined features", imagined, atWork.imagined)
        .or(() -> misfit("frame steps", frameSteps, atWork.frameSteps))
        .or(() -> misfit("action joints", joints, atWork.joints))
        .or(() -> misfit("chunk steps", chunkSteps, atWork.chunkSteps))
        .or(() -> misfit("policy period, ns", periodNanos, atWork.periodNanos));
  }

  private static String feature(List<Feature> features, int index) {
    if (index >= features.size()) {
      return "none";
    }
    Feature feature = features.get(index);
    return "'%s' from %s, %s values in %s"
        .formatted(feature.name(), feature.source().text(), feature.size(), feature.unit());
  }

  private static Optional<String> misfit(String field, Object found, Object wanted) {
    return found.equals(wanted)
        ? Optional.empty()
        : Optional.of("%s: found %s, wanted %s".formatted(field, found, wanted));
  }

  private int offset(List<String> features, String feature) {
    int place = features.indexOf(feature);
    if (place < 0) {
      throw new IllegalArgumentException(
          "feature '%s' is not among the policy's %s".formatted(feature, features));
    }
    return features.subList(0, place).stream().mapToInt(this::sizeOf).sum();
  }

  private int sizeOf(String name) {
    return state().stream()
        .filter(feature -> feature.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("feature '" + name + "' is not observed"))
        .size();
  }
}
