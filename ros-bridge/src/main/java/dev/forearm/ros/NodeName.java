package dev.forearm.ros;

import java.util.regex.Pattern;

/**
 * What a node is called, in {@code ros2 node list} for example.
 *
 * @param namespace {@code /} or {@code /left_arm}
 * @param name letters, digits and underscores
 */
public record NodeName(String namespace, String name) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int LONGEST = 255; // rmw

  /** This program, where nobody names it otherwise. */
  public static final NodeName FOREARM = new NodeName("/", "forearm");

  /**
   * @throws RosFault if one of them is no such name
   */
  public NodeName {
    TopicNames _ = new TopicNames(namespace);
    if (!TOKEN.matcher(name).matches() || name.length() > LONGEST) {
      throw new RosFault(
          "node name '%s': wanted up to %s letters, digits and underscores, no digit first"
              .formatted(name, LONGEST));
    }
  }

  public NodeName inNamespace(String other) {
    return new NodeName(other, name);
  }

  public NodeName named(String other) {
    return new NodeName(namespace, other);
  }

  /** Fully qualified: {@code /left_arm/forearm}. */
  @Override
  public String toString() {
    return namespace.equals("/") ? "/" + name : namespace + "/" + name;
  }
}
