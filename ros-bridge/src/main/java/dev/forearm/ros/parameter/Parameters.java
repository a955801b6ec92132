package dev.forearm.ros.parameter;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.FloatingPointRange;
import dev.forearm.ros.msg.rcl_interfaces.IntegerRange;
import dev.forearm.ros.msg.rcl_interfaces.ListParametersResult;
import dev.forearm.ros.msg.rcl_interfaces.Parameter;
import dev.forearm.ros.msg.rcl_interfaces.ParameterDescriptor;
import dev.forearm.ros.msg.rcl_interfaces.ParameterType;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import dev.forearm.ros.msg.rcl_interfaces.SetParametersResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/**
 * What one node's parameters are. Names, types, ranges and refusals are as in rclcpp. Any thread;
 * who is told of a change is told under the lock, so briefly.
 */
public final class Parameters {
  /** Hears of each change, with what was declared and what was set. */
  interface Listener {
    void changed(List<Parameter> declared, List<Parameter> set);
  }

  private static final SetParametersResult DONE = new SetParametersResult(true, "");

  private final Map<String, Declared> declared = new TreeMap<>();
  private final Map<String, ParameterValue> overrides;
  private Listener listener = (_, _) -> {};

  private static final class Declared {
    final ParameterDescriptor descriptor;
    final Consumer<ParameterValue> onSet;
    ParameterValue value;

    Declared(ParameterDescriptor descriptor, Consumer<ParameterValue> onSet, ParameterValue value) {
      this.descriptor = descriptor;
      this.onSet = onSet;
      this.value = value;
    }

    Parameter parameter() {
      return new Parameter(descriptor.name(), value);
    }
  }

  /**
   * @param overrides values that count in place of defaults, by name
   */
  public Parameters(Map<String, ParameterValue> overrides) {
    this.overrides = new LinkedHashMap<>(overrides);
  }

  /** Declares a switch that anybody may set. */
  public boolean declare(
      String name, String description, boolean initial, Consumer<Boolean> onSet) {
    ParameterDescriptor descriptor =
        descriptor(name, ParameterType.PARAMETER_BOOL, description, false, List.of());
    return declare(descriptor, Values.of(initial), value -> onSet.accept(value.boolValue()))
        .boolValue();
  }

  /** Declares a number that anybody may set within a range. */
  public double declare(
      String name,
      String description,
      double initial,
      double least,
      double most,
      DoubleConsumer onSet) {
    ParameterDescriptor descriptor =
        descriptor(
            name,
            ParameterType.PARAMETER_DOUBLE,
            description,
            false,
            List.of(new FloatingPointRange(least, most, 0)));
    return declare(descriptor, Values.of(initial), value -> onSet.accept(value.doubleValue()))
        .doubleValue();
  }

  /** Declares what is only shown. An override of it has no effect and is refused. */
  public void show(String name, String description, ParameterValue value) {
    ParameterValue _ =
        declare(descriptor(name, value.type(), description, true, List.of()), value, _ -> {});
  }

  private static ParameterDescriptor descriptor(
      String name,
      byte type,
      String description,
      boolean readOnly,
      List<FloatingPointRange> range) {
    return new ParameterDescriptor(name, type, description, "", readOnly, false, range, List.of());
  }

  /**
   * Declares a parameter.
   *
   * @param initial its value, unless one was given from outside
   * @param onSet takes each value that is set later; may refuse it by an IllegalArgumentException
   * @return the value that counts
   * @throws RosFault if the value from outside is refused, or the name is taken
   */
  public synchronized ParameterValue declare(
      ParameterDescriptor descriptor, ParameterValue initial, Consumer<ParameterValue> onSet) {
    if (declared.containsKey(descriptor.name())) {
      throw new RosFault("parameter %s is declared already".formatted(descriptor.name()));
    }
    Declared made = new Declared(descriptor, onSet, initial);
    ParameterValue given = overrides.remove(descriptor.name());
    if (given != null) {
      String refusal = given.equals(initial) ? "" : refusal(made, given);
      if (!refusal.isEmpty()) {
        throw new RosFault("parameter given from outside: " + refusal);
      }
      made.value = given;
    }
    declared.put(descriptor.name(), made);
    listener.changed(List.of(made.parameter()), List.of());
    return made.value;
  }

  /** Names that were given from outside and never declared: mistyped, or another program's. */
  public synchronized Set<String> unknownOverrides() {
    return new TreeSet<>(overrides.keySet());
  }

  synchronized void listen(Listener hears) {
    listener = hears;
    hears.changed(declared.values().stream().map(Declared::parameter).toList(), List.of());
  }

  /** The value; not set for what is not declared. */
  synchronized ParameterValue get(String name) {
    Declared found = declared.get(name);
    return found == null ? Values.UNSET : found.value;
  }

  synchronized ParameterDescriptor describe(String name) {
    Declared found = declared.get(name);
    return found == null
        ? descriptor(name, ParameterType.PARAMETER_NOT_SET, "", false, List.of())
        : found.descriptor;
  }

  /** Each for itself. */
  synchronized List<SetParametersResult> set(List<Parameter> wanted) {
    return wanted.stream().map(each -> setAtomically(List.of(each))).toList();
  }

  /** All of them, or none. */
  synchronized SetParametersResult setAtomically(List<Parameter> wanted) {
    for (Parameter each : wanted) {
      Declared found = declared.get(each.name());
      String refusal =
          found == null
              ? "parameter '%s' cannot be set because it was not declared".formatted(each.name())
              : refusal(found, each.value());
      if (!refusal.isEmpty()) {
        return new SetParametersResult(false, refusal);
      }
    }
    Map<Declared, ParameterValue> set = new LinkedHashMap<>();
    for (Parameter each : wanted) {
      Declared found = declared.get(each.name());
      if (found != null) {
        try {
          found.onSet.accept(each.value());
        } catch (IllegalArgumentException refused) {
          set.forEach((other, _) -> other.onSet.accept(other.value));
          return new SetParametersResult(false, String.valueOf(refused.getMessage()));
        }
        set.put(found, each.value());
      }
    }
    set.forEach((found, value) -> found.value = value);
    listener.changed(List.of(), set.keySet().stream().map(Declared::parameter).toList());
    return DONE;
  }

  private static String refusal(Declared parameter, ParameterValue value) {
    ParameterDescriptor wanted = parameter.descriptor;
    String name = wanted.name();
    if (wanted.readOnly()) {
      return "parameter '%s' cannot be set because it is read-only".formatted(name);
    }
    if (value.type() != wanted.type()) {
      return "Wrong parameter type, parameter {%s} is of type {%s}, setting it to {%s} is not allowed."
          .formatted(name, Values.name(wanted.type()), Values.name(value.type()));
    }
    for (FloatingPointRange range : wanted.floatingPointRange()) {
      double real = value.doubleValue();
      if (!(real >= range.fromValue() && real <= range.toValue())) {
        return "Parameter {%s} doesn't comply with floating point range [%s, %s]."
            .formatted(name, range.fromValue(), range.toValue());
      }
    }
    for (IntegerRange range : wanted.integerRange()) {
      if (value.integerValue() < range.fromValue() || value.integerValue() > range.toValue()) {
        return "Parameter {%s} doesn't comply with integer range [%s, %s]."
            .formatted(name, range.fromValue(), range.toValue());
      }
    }
    return "";
  }

  /**
   * Names, and the groups that they are in.
   *
   * @param prefixes of the names that are wanted; none: all
   * @param depth most parts of a name behind its prefix; 0: any number
   */
  synchronized ListParametersResult list(List<String> prefixes, long depth) {
    List<String> names =
        declared.keySet().stream()
            .filter(name ->
                prefixes.isEmpty()
                    ? isShallow(name, depth)
                    : prefixes.stream().anyMatch(prefix -> isBelow(name, prefix, depth)))
            .toList();
    Set<String> groups = new TreeSet<>();
    for (String name : names) {
      int last = name.lastIndexOf('.');
      if (last > 0) {
        groups.add(name.substring(0, last));
      }
    }
    return new ListParametersResult(names, List.copyOf(groups));
  }

  private static boolean isBelow(String name, String prefix, long depth) {
    return name.equals(prefix)
        || (name.startsWith(prefix + ".") && isShallow(name.substring(prefix.length() + 1), depth));
  }

  private static boolean isShallow(String name, long depth) {
    return depth == 0 || name.chars().filter(c -> c == '.').count() < depth;
  }
}
