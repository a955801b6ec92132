package dev.forearm.ros.node;

import dev.forearm.ros.RosFault;

/**
 * One name in place of another, from {@code [NODE:]FROM:=TO}.
 *
 * @param node the one it is for, by name; empty: any
 * @param from a topic or service as the program calls it; {@code __node} or {@code __ns} for the
 *     node's own name and namespace
 * @param to what it is called instead
 */
public record RemapRule(String node, String from, String to) {
  static final String NAME = "__node";
  static final String NAMESPACE = "__ns";

  /**
   * Reads a rule.
   *
   * @throws RosFault if it is none
   */
  public static RemapRule parse(String rule) {
    int assign = rule.indexOf(":=");
    if (assign <= 0 || assign + 2 == rule.length()) {
      throw new RosFault("remapping '%s': wanted from:=to".formatted(rule));
    }
    String left = rule.substring(0, assign);
    String to = rule.substring(assign + 2);
    String scheme = left.contains("://") ? left.substring(0, left.indexOf("://") + 3) : "";
    left = left.substring(scheme.length());
    int colon = left.indexOf(':');
    String from = left.substring(colon + 1);
    return new RemapRule(
        colon < 0 ? "" : left.substring(0, colon), from.equals("__name") ? NAME : from, to);
  }

  boolean isFor(String nodeName) {
    return node.isEmpty() || node.equals(nodeName);
  }
}
