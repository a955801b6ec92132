package dev.forearm.models.learn;

import dev.forearm.models.bundle.Manifest;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.robot.JointUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How widely a policy strays that learns by a policy gradient: a Gaussian around each of its
 * chunks, one displacement for all actions of a chunk, drawn anew for the next. A bundle that
 * learned it says so in its {@code made_by}.
 *
 * @param jointStd standard deviation of each joint, rad; 0 for those that move in metres
 */
public record Straying(List<Double> jointStd) {
  private static final String MADE_BY = "straying_rad";
  private static final double FORGOTTEN_SECONDS = 1e-3; // of 50 ms between plans: at once

  public Straying {
    jointStd = List.copyOf(jointStd);
  }

  /**
   * That of a bundle.
   *
   * @param first deviation of each turning joint of a bundle that has not learned it, rad
   */
  public static Straying of(Manifest manifest, double first) {
    String learned = manifest.madeBy().get(MADE_BY);
    return new Straying(
        learned == null
            ? manifest.jointUnits().stream()
                .map(unit -> unit == JointUnit.METRE ? 0.0 : first)
                .toList()
            : Arrays.stream(learned.split(" ", -1)).map(Double::valueOf).toList());
  }

  /** How a bundle says so. */
  Map<String, String> madeBy() {
    return Map.of(
        MADE_BY,
        jointStd.stream().map(std -> Double.toString(std)).collect(Collectors.joining(" ")));
  }

  /** The same for a policy that plays. */
  public Exploration exploration(long seed) {
    return new Exploration(jointStd, FORGOTTEN_SECONDS, seed);
  }
}
