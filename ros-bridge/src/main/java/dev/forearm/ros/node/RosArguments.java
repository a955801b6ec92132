package dev.forearm.ros.node;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import dev.forearm.ros.parameter.ParameterOverride;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands behind {@code --ros-args} of a command line, as ROS 2 reads it.
 *
 * @param remaps the first that fits counts
 * @param overrides of parameters; the last that fits counts
 * @param rosout whether the log is published
 */
public record RosArguments(
    List<RemapRule> remaps, List<ParameterOverride> overrides, boolean rosout) {
  /** Nothing said. */
  public static final RosArguments NONE = new RosArguments(List.of(), List.of(), true);

  public RosArguments {
    remaps = List.copyOf(remaps);
    overrides = List.copyOf(overrides);
  }

  /**
   * Reads what stands between {@code --ros-args} and the end or {@code --}.
   *
   * @throws RosFault if it is not understood, or a parameter file cannot be read
   */
  public static RosArguments parse(List<String> arguments) {
    List<RemapRule> remaps = new ArrayList<>();
    List<ParameterOverride> overrides = new ArrayList<>();
    boolean rosout = true;
    Iterator<String> each = arguments.iterator();
    while (each.hasNext()) {
      String option = each.next();
      switch (option) {
        case "-r", "--remap" -> remaps.add(RemapRule.parse(valueOf(option, each)));
        case "-p", "--param" -> overrides.add(ParameterOverride.parse(valueOf(option, each)));
        case "--params-file" ->
            overrides.addAll(ParameterOverride.read(Path.of(valueOf(option, each))));
        case "--enable-rosout-logs" -> rosout = true;
        case "--disable-rosout-logs" -> rosout = false;
        // Of rcl's own logging and security; the log here is set by FOREARM_LOG.
        case "--log-level", "--log-config-file", "--log-file-name", "-e", "--enclave" -> {
          String _ = valueOf(option, each);
        }
        case "--enable-stdout-logs",
            "--disable-stdout-logs",
            "--enable-external-lib-logs",
            "--disable-external-lib-logs" -> {}
        default ->
            throw new RosFault(
                "--ros-args: '%s' is not known; wanted -r from:=to, -p name:=value, --params-file FILE, or -- before other options"
                    .formatted(option));
      }
    }
    return new RosArguments(remaps, overrides, rosout);
  }

  private static String valueOf(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new RosFault("--ros-args: %s wants a value".formatted(option));
    }
    return rest.next();
  }

  /** This, and more from behind another {@code --ros-args}. */
  public RosArguments and(RosArguments more) {
    List<RemapRule> allRemaps = new ArrayList<>(remaps);
    allRemaps.addAll(more.remaps);
    List<ParameterOverride> allOverrides = new ArrayList<>(overrides);
    allOverrides.addAll(more.overrides);
    return new RosArguments(allRemaps, allOverrides, rosout && more.rosout);
  }

  /** The name that a node gets which calls itself {@code own}. */
  public NodeName name(NodeName own) {
    NodeName named = own.named(remapped(RemapRule.NAME, own.name(), own.name()));
    return named.inNamespace(absolute(remapped(RemapRule.NAMESPACE, own.name(), own.namespace())));
  }

  private String remapped(String what, String nodeName, String otherwise) {
    return remaps.stream()
        .filter(rule -> rule.from().equals(what) && rule.isFor(nodeName))
        .findFirst()
        .map(RemapRule::to)
        .orElse(otherwise);
  }

  private static String absolute(String namespace) {
    return namespace.startsWith("/") ? namespace : "/" + namespace;
  }

  /** The parameters that are given for a node, by name. */
  Map<String, ParameterValue> parametersOf(NodeName node) {
    Map<String, ParameterValue> values = new LinkedHashMap<>();
    overrides.stream()
        .filter(override -> override.isFor(node))
        .forEach(override -> values.put(override.name(), override.value()));
    return values;
  }
}
