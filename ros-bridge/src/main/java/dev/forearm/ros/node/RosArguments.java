package dev.forearm.ros.node;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import dev.forearm.ros.parameter.ParameterOverride;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What stands behind {@code --ros-args} of a command line, as ROS 2 reads it.
 *
 * @param remaps the first that fits counts
 * @param overrides of parameters; the last that fits counts
 * @param rosout whether the log is published
 * @param logLevels by the name of a node; that of every node has an empty one
 * @param enclave the security enclave of the program; empty where nothing is said
 */
public record RosArguments(
    List<RemapRule> remaps,
    List<ParameterOverride> overrides,
    boolean rosout,
    Map<String, Level> logLevels,
    Optional<String> enclave) {
  /** Nothing said. */
  public static final RosArguments NONE =
      new RosArguments(List.of(), List.of(), true, Map.of(), Optional.empty());

  private static final String ASSIGNS = ":=";

  public RosArguments {
    remaps = List.copyOf(remaps);
    overrides = List.copyOf(overrides);
    logLevels = Map.copyOf(logLevels);
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
    Map<String, Level> logLevels = new HashMap<>();
    Optional<String> enclave = Optional.empty();
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
        case "--log-level" -> {
          String value = valueOf(option, each);
          int at = value.indexOf(ASSIGNS);
          logLevels.put(
              at < 0 ? "" : value.substring(0, at),
              level(at < 0 ? value : value.substring(at + ASSIGNS.length())));
        }
        case "-e", "--enclave" -> enclave = Optional.of(valueOf(option, each));
        // Of rcl's own logging.
        case "--log-config-file", "--log-file-name" -> {
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
    return new RosArguments(remaps, overrides, rosout, logLevels, enclave);
  }

  private static Level level(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "DEBUG" -> Level.DEBUG;
      case "INFO" -> Level.INFO;
      case "WARN" -> Level.WARN;
      case "ERROR", "FATAL" -> Level.ERROR;
      default ->
          throw new RosFault(
              "--ros-args: --log-level: found '%s', wanted debug, info, warn, error or fatal, or NODE:= and one of them"
                  .formatted(name));
    };
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
    Map<String, Level> allLevels = new HashMap<>(logLevels);
    allLevels.putAll(more.logLevels);
    return new RosArguments(
        allRemaps, allOverrides, rosout && more.rosout, allLevels, more.enclave.or(() -> enclave));
  }

  /** How much a node is to log; empty where nothing is said. */
  Optional<Level> logLevelOf(NodeName node) {
    return Optional.ofNullable(logLevels.get(node.name()))
        .or(() -> Optional.ofNullable(logLevels.get("")));
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
