package dev.forearm.ros.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One message type: a {@code .msg} file, or one of those that a {@code .srv} or an {@code .action}
 * file stands for.
 *
 * @param pkg ROS package
 * @param kind what defines it, and its namespace in ROS and in Java: msg, srv or action
 * @param name inside the package, for example {@code JointState} or {@code GetState_Request}
 * @param text the definition
 */
record Definition(
    String pkg,
    String kind,
    String name,
    String text,
    List<Constant> constants,
    List<Member> members) {

  /** A constant line: {@code uint8 OK=0}. */
  record Constant(String type, String name, String value) {}

  /**
   * A field line.
   *
   * @param type primitive name, or {@link Definition#key} of a nested message
   * @param bound most bytes of a bounded string, otherwise 0
   * @param initial default value, or an empty string
   */
  record Member(String type, int bound, Shape shape, int count, String name, String initial) {
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
      Pattern.compile(
          "([\\w/]+)(?:<=(\\d+))?(?:\\[(<=)?(\\d*)])?\\s+([a-z][a-z0-9_]*)(?:\\s+(.+))?");
  private static final Pattern PART = Pattern.compile("(?m)^---\\s*$\\R?");

  /** DDS has no empty structure; ROS puts this one in. */
  private static final Member PLACEHOLDER =
      new Member("uint8", 0, Shape.SINGLE, 0, "structure_needs_at_least_one_member", "");

  /** The types that a file defines; {@code kind} is its folder's name and its suffix. */
  static List<Definition> parse(String pkg, String kind, String name, String text) {
    if (kind.equals("msg")) {
      return List.of(one(pkg, kind, name, text));
    }
    String[] parts = PART.split(text, -1);
    return switch (kind) {
      case "srv" ->
          List.of(
              one(pkg, kind, name + "_Request", part(parts, 0, 2, name)),
              one(pkg, kind, name + "_Response", part(parts, 1, 2, name)));
      case "action" -> action(pkg, name, parts);
      default -> throw new IllegalArgumentException("%s/%s of unknown kind".formatted(pkg, name));
    };
  }

  /** An action's three parts, and what carries them between client and server (ROS design). */
  private static List<Definition> action(String pkg, String name, String[] parts) {
    String prefix = pkg + "/action/" + name;
    return List.of(
        one(pkg, "action", name + "_Goal", part(parts, 0, 3, name)),
        one(pkg, "action", name + "_Result", part(parts, 1, 3, name)),
        one(pkg, "action", name + "_Feedback", part(parts, 2, 3, name)),
        one(
            pkg,
            "action",
            name + "_SendGoal_Request",
            "unique_identifier_msgs/UUID goal_id\n%s_Goal goal\n".formatted(prefix)),
        one(
            pkg,
            "action",
            name + "_SendGoal_Response",
            "bool accepted\nbuiltin_interfaces/Time stamp\n"),
        one(pkg, "action", name + "_GetResult_Request", "unique_identifier_msgs/UUID goal_id\n"),
        one(
            pkg,
            "action",
            name + "_GetResult_Response",
            "int8 status\n%s_Result result\n".formatted(prefix)),
        one(
            pkg,
            "action",
            name + "_FeedbackMessage",
            "unique_identifier_msgs/UUID goal_id\n%s_Feedback feedback\n".formatted(prefix)));
  }

  private static String part(String[] parts, int index, int wanted, String name) {
    if (parts.length != wanted) {
      throw new IllegalArgumentException(
          "%s: %s parts between --- found, %s wanted".formatted(name, parts.length, wanted));
    }
    return parts[index];
  }

  private static Definition one(String pkg, String kind, String name, String text) {
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
            "%s/%s: '%s' is neither a field nor a constant".formatted(pkg, name, line));
      }
    }
    if (members.isEmpty()) {
      members.add(PLACEHOLDER);
    }
    return new Definition(pkg, kind, name, text, List.copyOf(constants), List.copyOf(members));
  }

  private static Member member(String pkg, Matcher field) {
    String type = field.group(1);
    if (Primitive.of(type) == null && !type.contains("/")) {
      type = (type.equals("Header") ? "std_msgs" : pkg) + "/" + type;
    }
    Shape shape = Shape.SINGLE;
    String digits = field.group(4);
    if (digits != null) {
      shape =
          digits.isEmpty()
              ? Shape.SEQUENCE
              : field.group(3) != null ? Shape.BOUNDED_SEQUENCE : Shape.ARRAY;
    }
    return new Member(
        type,
        number(field.group(2)),
        shape,
        number(digits),
        field.group(5),
        field.group(6) == null ? "" : field.group(6));
  }

  private static int number(String digits) {
    return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /** As fields refer to it: {@code std_msgs/Header}, {@code control_msgs/action/Move_Goal}. */
  String key() {
    return kind.equals("msg") ? pkg + "/" + name : rosName();
  }

  /** As ROS names the type: {@code std_msgs/msg/Header}. */
  String rosName() {
    return pkg + "/" + kind + "/" + name;
  }

  /** Simple name of the Java class. */
  String javaName() {
    return name.replace("_", "");
  }

  /** Package of the Java class below that of all: {@code msg.std_msgs}. */
  String javaPackage() {
    return kind + "." + pkg;
  }
}
