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
  private static final int SIDE_LIMIT = 4096;

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
                      + " tool_rotation, object_position:NAME, object_rotation:NAME, {image: ...},"
                      + " {depth: ...} or {topic: ...}")
                  .formatted(word));
    };
  }

  private static Source of(Section mapping) {
    if (mapping.has("image")) {
      int[] size = size(mapping);
      double[] range = mapping.numbers("range", 2);
      return new Source.ColourImage(
          mapping.text("image"),
          choice(Source.ColourImage.Channels.class, mapping.text("channels")),
          size[0],
          size[1],
          choice(Source.Image.Fit.class, mapping.text("fit")),
          (float) range[0],
          (float) range[1]);
    }
    if (mapping.has("depth")) {
      int[] size = size(mapping);
      return new Source.DepthImage(
          mapping.text("depth"),
          size[0],
          size[1],
          choice(Source.Image.Fit.class, mapping.text("fit")),
          (float) mapping.number("near"),
          (float) mapping.number("far"),
          (float) mapping.number("invalid"));
    }
    return new Source.TopicField(
        mapping.text("topic"),
        mapping.text("type"),
        mapping.text("field"),
        mapping.integer("size"));
  }

  /** Width and height, pixels. */
  private static int[] size(Section mapping) {
    double[] size = mapping.numbers("size", 2);
    return new int[] {whole(size[0]), whole(size[1])};
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

  /** What every image has behind what is its own. */
  static String sizeText(Source.Image image) {
    return ", size: [%s, %s], fit: %s".formatted(image.width(), image.height(), word(image.fit()));
  }

  static void requireImage(String topic, int width, int height) {
    require("image topic", topic, TOPIC, "/wrist_camera/image_raw");
    if (width < 1 || height < 1 || width > SIDE_LIMIT || height > SIDE_LIMIT) {
      throw new IllegalArgumentException(
          "image %s: found size [%s, %s], wanted 1 to %s pixels each way"
              .formatted(topic, width, height, SIDE_LIMIT));
    }
  }

  static void require(String what, String found, Pattern wanted, String example) {
    if (!wanted.matcher(found).matches()) {
      throw new IllegalArgumentException(
          "found %s '%s', wanted one like %s".formatted(what, found, example));
    }
  }
}
