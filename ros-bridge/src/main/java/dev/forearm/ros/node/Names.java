package dev.forearm.ros.node;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.TopicNames;
import java.util.List;

/** Topic and service names as one node means them: expanded, then remapped. */
final class Names {
  private final NodeName node;
  private final TopicNames namespace;
  private final List<RemapRule> rules;

  Names(NodeName node, List<RemapRule> rules) {
    this.node = node;
    this.namespace = new TopicNames(node.namespace());
    this.rules =
        rules.stream()
            .filter(rule -> !rule.from().startsWith("__") && rule.isFor(node.name()))
            .toList();
  }

  /**
   * The absolute name of {@code name}, which is absolute, relative to the namespace, or relative to
   * the node by {@code ~}.
   *
   * @throws dev.forearm.ros.RosFault if it is not a ROS name
   */
  String resolve(String name) {
    String expanded = expand(name);
    return rules.stream()
        .filter(rule -> expand(rule.from()).equals(expanded))
        .findFirst()
        .map(rule -> expand(rule.to()))
        .orElse(expanded);
  }

  private String expand(String name) {
    String filled =
        name.replace("{node}", node.name())
            .replace("{ns}", node.namespace())
            .replace("{namespace}", node.namespace());
    boolean own = filled.equals("~") || filled.startsWith("~/");
    return namespace.resolve(own ? node + filled.substring(1) : filled);
  }
}
