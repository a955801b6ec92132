package dev.forearm.runtime.robot;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The bodies of an arm that must not touch each other, as capsules. Every two bodies are kept
 * apart, but for pairs that touch by construction or never can.
 *
 * @param distanceMin how far apart the capsules' surfaces have to stay, m
 * @param capsules several may make one body
 * @param ignored pairs of bodies that are not looked at
 */
public record SelfCollision(double distanceMin, List<Capsule> capsules, List<Pair> ignored) {
  /**
   * A cylinder with round ends.
   *
   * @param body it belongs to
   * @param joint the joint that it moves with, and no joint after that; an index in command order,
   *     or {@link ChainLink#FIXED}: the base
   * @param from centre of one end in the frame that the joint turns or slides, or in the base
   *     frame; x y z, m
   * @param to centre of the other end
   * @param radius m
   */
  public record Capsule(String body, int joint, List<Double> from, List<Double> to, double radius) {
    public Capsule {
      from = List.copyOf(from);
      to = List.copyOf(to);
      if (!(radius > 0)) {
        throw new IllegalArgumentException(
            "body '%s': radius %s m, wanted more than 0".formatted(body, radius));
      }
    }
  }

  /** Two bodies, in any order. */
  public record Pair(String one, String other) {
    boolean isOf(String a, String b) {
      return (one.equals(a) && other.equals(b)) || (one.equals(b) && other.equals(a));
    }
  }

  public SelfCollision {
    capsules = List.copyOf(capsules);
    ignored = List.copyOf(ignored);
    if (!(distanceMin >= 0)) {
      throw new IllegalArgumentException(
          "self_collision: distance %s m, wanted 0 or more".formatted(distanceMin));
    }
    Set<String> bodies = new LinkedHashSet<>();
    capsules.forEach(capsule -> bodies.add(capsule.body()));
    for (Pair pair : ignored) {
      if (!bodies.contains(pair.one) || !bodies.contains(pair.other)) {
        throw new IllegalArgumentException(
            "self_collision: ignores the pair '%s', '%s'; wanted two of the bodies %s"
                .formatted(pair.one, pair.other, bodies));
      }
    }
  }

  /** The places in {@link #capsules} of every two that have to stay apart. */
  public List<int[]> pairs() {
    List<int[]> pairs = new ArrayList<>();
    for (int a = 0; a < capsules.size(); a++) {
      for (int b = a + 1; b < capsules.size(); b++) {
        String one = capsules.get(a).body();
        String other = capsules.get(b).body();
        if (!one.equals(other) && ignored.stream().noneMatch(pair -> pair.isOf(one, other))) {
          pairs.add(new int[] {a, b});
        }
      }
    }
    return pairs;
  }
}
