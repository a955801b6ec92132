package dev.forearm.ros.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/**
 * Quality of service that parameters give in place of the program's, under ROS 2's names for them:
 * {@code qos_overrides./joint_states.subscription.reliability: reliable}.
 */
final class QosOverrides {
  private static final String PREFIX = "qos_overrides.";

  private final Map<String, ParameterValue> values;

  private QosOverrides(Map<String, ParameterValue> values) {
    this.values = values;
  }

  /** Moves them out of all parameters that were given. */
  static QosOverrides takenFrom(Map<String, ParameterValue> given) {
    Map<String, ParameterValue> values = new HashMap<>();
    Iterator<Map.Entry<String, ParameterValue>> each = given.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, ParameterValue> entry = each.next();
      if (entry.getKey().startsWith(PREFIX)) {
        values.put(entry.getKey(), entry.getValue());
        each.remove();
      }
    }
    return new QosOverrides(values);
  }

  Qos ofPublisher(String topic, Qos wanted) {
    return of(PREFIX + topic + ".publisher.", wanted);
  }

  Qos ofSubscription(String topic, Qos wanted) {
    return of(PREFIX + topic + ".subscription.", wanted);
  }

  private Qos of(String prefix, Qos wanted) {
    String reliability = prefix + "reliability";
    String durability = prefix + "durability";
    ParameterValue depth = values.get(prefix + "depth");
    Qos.Timing timing = wanted.timing();
    return new Qos(
        chosen(reliability, Qos.Reliability.class, wanted.reliability()),
        chosen(durability, Qos.Durability.class, wanted.durability()),
        depth == null ? wanted.depth() : Math.toIntExact(depth.integerValue()),
        new Qos.Timing(
            nanos(prefix + "deadline", timing.deadlineNanos()),
            nanos(prefix + "lifespan", timing.lifespanNanos()),
            nanos(prefix + "liveliness_lease_duration", timing.leaseNanos())));
  }

  private long nanos(String name, long otherwise) {
    ParameterValue value = values.get(name);
    return value == null ? otherwise : value.integerValue();
  }

  private <E extends Enum<E>> E chosen(String name, Class<E> kind, E otherwise) {
    ParameterValue value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Enum.valueOf(kind, value.stringValue().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new RosFault(
          "parameter %s: '%s' found, one of %s wanted"
              .formatted(name, value.stringValue(), java.util.List.of(kind.getEnumConstants())),
          e);
    }
  }
}
