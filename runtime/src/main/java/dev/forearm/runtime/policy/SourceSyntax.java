package dev.forearm.runtime.policy;

import dev.forearm.runtime.config.Section;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a {@link Source} is written. */
final class SourceSyntax {
  static final Pattern NAME = Pattern.compile("\\S+");
  static final Pattern TOPIC = Pattern.compile("(/[A-Za-z_][A-Za-z0-9_]*)+");
  static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]*/msg/[A-Z][A-Za-z0-9]*");
  static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
  static final Optional<String> METRE = Optional.of("m");
  static final Optional<String> ONE = Optional.of("1");
  static final int POSITION_WIDTH = 3;
  static final int ROTATION_WIDTH = 6;
  static final int SIDE_LIMIT = 4096;

  private SourceSyntax() {}

  static Source read(Section section, String key) {
    try {
      return section.isSection(key) ? of(section.section(key)) : of(section.text(key));
    } catch (IllegalArgumentException e) {
      throw section.fault(key, String.valueOf(e.getMessage()));
    }
  }

  private static Source of(String word) {
    int colon = word.indexOf(':');
    String object = word.substring(colon + 1);
    return switch (colon < 0 ? word : word.substring(0, colon + 1)) {
      case Source.JointPosition.TEXT -> new Source.JointPosition();
      case Source.JointVelocity.TEXT -> new Source.JointVelocity();
      case Source.JointEffort.TEXT -> new Source.JointEffort();
      case Source.ToolPosition.TEXT -> new Source.ToolPosition();
      case Source.ToolRotation.TEXT -> new Source.ToolRotation();
      case Source.ObjectPosition.TEXT -> new Source.ObjectPosition(object);
      case Source.ObjectRotation.TEXT -> new Source.ObjectRotation(object);
      default ->
          throw new IllegalArgumentException(
              ("found '%s', wanted joint_position, joint_velocity, joint_effort, tool_position,"
                      + " tool_rotation, object_position:NAME, object_rotation:NAME, {image: ...} or"
                      + " {topic: ...}")
                  .formatted(word));
    };
  }

  private static Source of(Section mapping) {
    if (mapping.has("image")) {
      double[] range = mapping.numbers("range", 2);
      double[] size = mapping.numbers("size", 2);
      return new Source.Image(
          mapping.text("image"),
          choice(Source.Image.Channels.class, mapping.text("channels")),
          whole(size[0]),
          whole(size[1]),
          choice(Source.Image.Fit.class, mapping.text("fit")),
          (float) range[0],
          (float) range[1]);
    }
    return new Source.TopicField(
        mapping.text("topic"),
        mapping.text("type"),
        mapping.text("field"),
        mapping.integer("size"));
  }

  private static int whole(double number) {
    if (number != Math.rint(number)) {
      throw new IllegalArgumentException("found %s, wanted a whole number".formatted(number));
    }
    return (int) number;
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String text) {
    for (E value : type.getEnumConstants()) {
      if (word(value).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "found '%s', wanted one of %s"
            .formatted(text, word(Arrays.toString(type.getEnumConstants()))));
  }

  static String word(Object value) {
    return value.toString().toLowerCase(Locale.ROOT);
  }

  static void require(String what, String found, Pattern wanted, String example) {
    if (!wanted.matcher(found).matches()) {
      throw new IllegalArgumentException(
          "found %s '%s', wanted one like %s".formatted(what, found, example));
    }
  }
}
