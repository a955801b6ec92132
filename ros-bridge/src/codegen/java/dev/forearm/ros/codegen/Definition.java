package dev.forearm.ros.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code .msg} file.
 *
 * @param pkg ROS package
 * @param name message name inside it
 * @param text the file
 */
record Definition(
    String pkg, String name, String text, List<Constant> constants, List<Member> members) {

  /** A constant line: {@code uint8 OK=0}. */
  record Constant(String type, String name, String value) {}

  /**
   * A field line.
   *
   * @param type primitive name, or {@code pkg/Name} of a nested message
   * @param initial default value, or an empty string
   */
  record Member(String type, Shape shape, int count, String name, String initial) {
    boolean nested() {
      return type.contains("/");
    }
  }

  enum Shape {
    SINGLE,
    ARRAY,
    SEQUENCE,
    BOUNDED_SEQUENCE
  }

  private static final Pattern CONSTANT =
      Pattern.compile("(\\w+)\\s+([A-Z][A-Z0-9_]*)\\s*=\\s*(.+)");
  private static final Pattern FIELD =
      Pattern.compile("([\\w/]+)(?:\\[(<=)?(\\d*)])?\\s+([a-z][a-z0-9_]*)(?:\\s+(.+))?");

  /** DDS has no empty structure; ROS puts this one in. */
  private static final Member PLACEHOLDER =
      new Member("uint8", Shape.SINGLE, 0, "structure_needs_at_least_one_member", "");

  static Definition parse(String pkg, String name, String text) {
    List<Constant> constants = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String code = line.replaceFirst("#.*", "").strip();
      if (code.isEmpty()) {
        continue;
      }
      Matcher constant = CONSTANT.matcher(code);
      Matcher field = FIELD.matcher(code);
      if (constant.matches()) {
        constants.add(new Constant(constant.group(1), constant.group(2), constant.group(3)));
      } else if (field.matches()) {
        members.add(member(pkg, field));
      } else {
        throw new IllegalArgumentException(
            "%s/%s.msg: '%s' is neither a field nor a constant".formatted(pkg, name, line));
      }
    }
    if (members.isEmpty()) {
      members.add(PLACEHOLDER);
    }
    return new Definition(pkg, name, text, List.copyOf(constants), List.copyOf(members));
  }

  private static Member member(String pkg, Matcher field) {
    String type = field.group(1);
    if (Primitive.of(type) == null && !type.contains("/")) {
      type = (type.equals("Header") ? "std_msgs" : pkg) + "/" + type;
    }
    Shape shape = Shape.SINGLE;
    String digits = field.group(3);
    if (digits != null) {
      shape =
          digits.isEmpty()
              ? Shape.SEQUENCE
              : field.group(2) != null ? Shape.BOUNDED_SEQUENCE : Shape.ARRAY;
    }
    int count = digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
    String initial = field.group(5) == null ? "" : field.group(5);
    return new Member(type, shape, count, field.group(4), initial);
  }

  /** As messages refer to it: {@code std_msgs/Header}. */
  String key() {
    return pkg + "/" + name;
  }

  /** As ROS names the type: {@code std_msgs/msg/Header}. */
  String rosName() {
    return pkg + "/msg/" + name;
  }
}
