package dev.forearm.ros.parameter;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A value given from outside in place of a parameter's default.
 *
 * @param node which nodes it is for: a name, or a full name in which * stands for one token and **
 *     for any number
 * @param name of the parameter, dots between its parts
 */
public record ParameterOverride(String node, String name, ParameterValue value) {
  /** For every node. */
  private static final String ANY = "/**";

  private static final String PARAMETERS = "ros__parameters";
  private static final int DEEPEST = 32;

  /**
   * From a command line's {@code name:=value} or {@code node:name:=value}.
   *
   * @throws RosFault if it is none
   */
  public static ParameterOverride parse(String rule) {
    int assign = rule.indexOf(":=");
    if (assign <= 0) {
      throw new RosFault("parameter '%s': wanted name:=value".formatted(rule));
    }
    String left = rule.substring(0, assign);
    int colon = left.indexOf(':');
    String node = colon < 0 ? ANY : left.substring(0, colon);
    @Nullable Object value = yaml(rule.substring(assign + 2), rule);
    return new ParameterOverride(
        node, left.substring(colon + 1), Values.ofYaml(value == null ? "" : value, rule));
  }

  /**
   * All that a parameter file gives, in its order.
   *
   * @throws RosFault if it cannot be read or is none
   */
  public static List<ParameterOverride> read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new RosFault("parameter file %s: cannot be read (%s)".formatted(file, e), e);
    }
    List<ParameterOverride> overrides = new ArrayList<>();
    collectNodes(yaml(text, file.toString()), "", file, overrides, 0);
    return overrides;
  }

  private static @Nullable Object yaml(String text, String what) {
    try {
      return new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new RosFault("parameters of %s: not YAML: %s".formatted(what, e.getMessage()), e);
    }
  }

  /** Namespaces may be levels of their own above {@code ros__parameters}. */
  private static void collectNodes(
      @Nullable Object tree, String node, Path file, List<ParameterOverride> to, int depth) {
    if (!(tree instanceof Map<?, ?> levels) || depth > DEEPEST) {
      throw new RosFault(
          "parameter file %s: '%s' has no %s; wanted node: {%s: {name: value}}"
              .formatted(file, node, PARAMETERS, PARAMETERS));
    }
    levels.forEach((key, below) -> {
      String level = String.valueOf(key);
      if (level.equals(PARAMETERS)) {
        collectValues(below, "", node, file, to, depth);
      } else {
        String deeper = node.isEmpty() || level.startsWith("/") ? level : node + "/" + level;
        collectNodes(below, deeper, file, to, depth + 1);
      }
    });
  }

  private static void collectValues(
      @Nullable Object tree,
      String prefix,
      String node,
      Path file,
      List<ParameterOverride> to,
      int depth) {
    if (tree instanceof Map<?, ?> levels && depth <= DEEPEST) {
      levels.forEach((key, below) -> {
        String name = prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key;
        collectValues(below, name, node, file, to, depth + 1);
      });
    } else if (tree != null && !prefix.isEmpty()) {
      to.add(new ParameterOverride(node, prefix, Values.ofYaml(tree, prefix + " of " + file)));
    }
  }

  /** Whether it is for that node. */
  public boolean isFor(NodeName wanted) {
    if (node.indexOf('/') < 0 && !node.contains("*")) {
      return node.equals(wanted.name());
    }
    String pattern = (node.startsWith("/") || node.startsWith("*") ? "" : "/") + node;
    StringBuilder regex = new StringBuilder();
    for (String token : pattern.split("(?=/)", -1)) {
      regex.append(
          switch (token) {
            case "/**", "**" -> "(/\\w+)*";
            case "/*", "*" -> "/\\w+";
            default -> Pattern.quote(token);
          });
    }
    return wanted.toString().matches(regex.toString());
  }
}
