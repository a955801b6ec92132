package dev.forearm.ros;

import java.util.regex.Pattern;

/** ROS topic names, resolved in a namespace. */
public final class TopicNames {
  private static final Pattern TOKENS =
      Pattern.compile("/[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*");

  private final String namespace;

  /**
   * @param namespace absolute, for example {@code /} or {@code /left_arm}
   * @throws RosFault if it is not a ROS namespace
   */
  public TopicNames(String namespace) {
    if (!isNamespace(namespace)) {
      throw new RosFault(
          "namespace '%s' is not a ROS name; wanted / or /words_with_underscores"
              .formatted(namespace));
    }
    this.namespace = namespace.equals("/") ? "" : namespace;
  }

  /**
   * The absolute name of {@code topic}: itself if it starts with a slash, otherwise inside the
   * namespace.
   *
   * @throws RosFault if that is not a ROS name
   */
  public String resolve(String topic) {
    String absolute = topic.startsWith("/") ? topic : namespace + "/" + topic;
    if (!isName(absolute)) {
      throw new RosFault(
          "topic '%s' is not a ROS name; wanted letters, digits and underscores between slashes"
              .formatted(topic));
    }
    return absolute;
  }

  /** Whether it is {@code /} or an absolute ROS name. */
  public static boolean isNamespace(String name) {
    return name.equals("/") || isName(name);
  }

  private static boolean isName(String name) {
    return TOKENS.matcher(name).matches() && !name.contains("__");
  }
}
