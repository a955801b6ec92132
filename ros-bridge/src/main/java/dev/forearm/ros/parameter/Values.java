package dev.forearm.ros.parameter;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.rcl_interfaces.ParameterType;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import java.util.List;

/** Parameter values, made of Java's and of YAML's. */
public final class Values {
  private static final byte[] NO_BYTES = {};
  private static final boolean[] NO_BOOLEANS = {};
  private static final long[] NO_LONGS = {};
  private static final double[] NO_DOUBLES = {};

  /** What a parameter that is not declared has. */
  static final ParameterValue UNSET = scalar(ParameterType.PARAMETER_NOT_SET, false, 0, 0, "");

  private static final String[] NAMES = {
    "not set",
    "bool",
    "integer",
    "double",
    "string",
    "byte_array",
    "bool_array",
    "integer_array",
    "double_array",
    "string_array"
  };

  private Values() {}

  public static ParameterValue of(boolean value) {
    return scalar(ParameterType.PARAMETER_BOOL, value, 0, 0, "");
  }

  public static ParameterValue of(long value) {
    return scalar(ParameterType.PARAMETER_INTEGER, false, value, 0, "");
  }

  public static ParameterValue of(double value) {
    return scalar(ParameterType.PARAMETER_DOUBLE, false, 0, value, "");
  }

  public static ParameterValue of(String value) {
    return scalar(ParameterType.PARAMETER_STRING, false, 0, 0, value);
  }

  /**
   * A value as YAML reads it: true, 3, 3.0, text, or a list of one kind of these.
   *
   * @param what for the message
   * @throws RosFault if it is something else
   */
  static ParameterValue ofYaml(Object yaml, String what) {
    return switch (yaml) {
      case Boolean value -> of(value.booleanValue());
      case Integer value -> of(value.longValue());
      case Long value -> of(value.longValue());
      case Double value -> of(value.doubleValue());
      case String value -> of(value);
      case List<?> list -> ofList(list, what);
      default -> throw unfit(what, yaml);
    };
  }

  private static ParameterValue ofList(List<?> list, String what) {
    if (list.isEmpty() || list.stream().allMatch(String.class::isInstance)) {
      List<String> texts = list.stream().map(String.class::cast).toList();
      return array(ParameterType.PARAMETER_STRING_ARRAY, NO_BOOLEANS, NO_LONGS, NO_DOUBLES, texts);
    }
    if (list.stream().allMatch(Boolean.class::isInstance)) {
      boolean[] booleans = new boolean[list.size()];
      for (int i = 0; i < booleans.length; i++) {
        booleans[i] = (Boolean) list.get(i);
      }
      return array(ParameterType.PARAMETER_BOOL_ARRAY, booleans, NO_LONGS, NO_DOUBLES, List.of());
    }
    if (list.stream().allMatch(Double.class::isInstance)) {
      double[] doubles = list.stream().mapToDouble(each -> (Double) each).toArray();
      return array(ParameterType.PARAMETER_DOUBLE_ARRAY, NO_BOOLEANS, NO_LONGS, doubles, List.of());
    }
    if (list.stream().allMatch(each -> each instanceof Integer || each instanceof Long)) {
      long[] longs = list.stream().mapToLong(each -> ((Number) each).longValue()).toArray();
      return array(
          ParameterType.PARAMETER_INTEGER_ARRAY, NO_BOOLEANS, longs, NO_DOUBLES, List.of());
    }
    throw unfit(what, list);
  }

  private static RosFault unfit(String what, Object found) {
    return new RosFault(
        "parameter %s: %s found; wanted true or false, a number, a text, or a list of one of these"
            .formatted(what, found));
  }

  private static ParameterValue scalar(
      byte type, boolean bool, long integer, double real, String text) {
    return new ParameterValue(
        type, bool, integer, real, text, NO_BYTES, NO_BOOLEANS, NO_LONGS, NO_DOUBLES, List.of());
  }

  private static ParameterValue array(
      byte type, boolean[] booleans, long[] longs, double[] doubles, List<String> texts) {
    return new ParameterValue(type, false, 0, 0, "", NO_BYTES, booleans, longs, doubles, texts);
  }

  /** A {@link ParameterType}'s name, as rclcpp says it. */
  static String name(byte type) {
    return type >= 0 && type < NAMES.length ? NAMES[type] : "unknown";
  }
}
