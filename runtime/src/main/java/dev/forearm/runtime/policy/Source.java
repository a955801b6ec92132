package dev.forearm.runtime.policy;

import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.util.Optional;

/**
 * Where the values of a {@link Feature} come from. Lengths are in metres; poses are in the robot's
 * base frame; rotations are the first two columns of the matrix; joints are in command order.
 *
 * <p>A manifest has one word for what the robot file describes, {@code source: joint_position} or
 * {@code source: object_position:red_cube}, and a mapping for what it takes more to say:
 *
 * <pre>
 *   source: {image: /wrist/image_raw, channels: rgb, size: [96, 96], fit: crop, range: [0.0, 1.0]}
 *   source: {depth: /wrist/depth/image_raw, size: [96, 96], fit: crop, near: 0.1, far: 2.0, invalid: 0.0}
 *   source: {topic: /wrench, type: geometry_msgs/msg/WrenchStamped, field: wrench.force, size: 3}
 * </pre>
 */
public sealed interface Source {
  /** Values that it gives on a robot with so many joints. */
  int width(int joints);

  /** Unit of its values; empty where the robot's joints or the publisher decide. */
  default Optional<String> unit() {
    return Optional.empty();
  }

  /** As a manifest writes it; {@link #parse} reads it back. */
  String text();

  /**
   * Reads what {@link #text()} gives.
   *
   * @throws dev.forearm.runtime.RuntimeFault if it is no source
   */
  static Source parse(String text) {
    return ConfigFile.parse(
        "source: " + text, "source '" + text + "'", file -> read(file, "source"));
  }

  /**
   * Reads a key of a manifest, a word or a mapping.
   *
   * @throws dev.forearm.runtime.RuntimeFault naming file and line if it is no source
   */
  static Source read(Section section, String key) {
    return SourceSyntax.read(section, key);
  }

  /** Joint positions, rad or m. */
  record JointPosition() implements Source {
    static final String TEXT = "joint_position";

    @Override
    public int width(int joints) {
      return joints;
    }

    @Override
    public String text() {
      return TEXT;
    }
  }

  /** Joint velocities, rad/s or m/s. */
  record JointVelocity() implements Source {
    static final String TEXT = "joint_velocity";

    @Override
    public int width(int joints) {
      return joints;
    }

    @Override
    public String text() {
      return TEXT;
    }
  }

  /** Joint efforts, Nm or N. */
  record JointEffort() implements Source {
    static final String TEXT = "joint_effort";

    @Override
    public int width(int joints) {
      return joints;
    }

    @Override
    public String text() {
      return TEXT;
    }
  }

  /** Position of the grasp point, x y z. */
  record ToolPosition() implements Source {
    static final String TEXT = "tool_position";

    @Override
    public int width(int joints) {
      return SourceSyntax.POSITION_WIDTH;
    }

    @Override
    public Optional<String> unit() {
      return SourceSyntax.METRE;
    }

    @Override
    public String text() {
      return TEXT;
    }
  }

  /** Rotation of the tool, first two columns of its matrix. */
  record ToolRotation() implements Source {
    static final String TEXT = "tool_rotation";

    @Override
    public int width(int joints) {
      return SourceSyntax.ROTATION_WIDTH;
    }

    @Override
    public Optional<String> unit() {
      return SourceSyntax.ONE;
    }

    @Override
    public String text() {
      return TEXT;
    }
  }

  /**
   * Position of an object, x y z.
   *
   * @param object as the robot file names it
   */
  record ObjectPosition(String object) implements Source {
    static final String TEXT = "object_position:";

    public ObjectPosition {
      SourceSyntax.require("object", object, SourceSyntax.NAME, "red_cube");
    }

    @Override
    public int width(int joints) {
      return SourceSyntax.POSITION_WIDTH;
    }

    @Override
    public Optional<String> unit() {
      return SourceSyntax.METRE;
    }

    @Override
    public String text() {
      return TEXT + object;
    }
  }

  /**
   * Rotation of an object, first two columns of its matrix.
   *
   * @param object as the robot file names it
   */
  record ObjectRotation(String object) implements Source {
    static final String TEXT = "object_rotation:";

    public ObjectRotation {
      SourceSyntax.require("object", object, SourceSyntax.NAME, "red_cube");
    }

    @Override
    public int width(int joints) {
      return SourceSyntax.ROTATION_WIDTH;
    }

    @Override
    public Optional<String> unit() {
      return SourceSyntax.ONE;
    }

    @Override
    public String text() {
      return TEXT + object;
    }
  }

  /** The newest picture of a camera as a tensor [1, channel, height, width], float32. */
  sealed interface Image extends Source {
    /** How a picture comes to the size of the tensor. */
    enum Fit {
      /** The largest part about its middle that has the tensor's proportions, scaled. */
      CROP,
      /** The whole of it, scaled in width and height apart. */
      STRETCH,
      /** The whole of it, scaled alike in width and height, between borders of nothing. */
      PAD
    }

    /** One of the robot file's images. */
    String topic();

    /** Channels of the tensor. */
    int channelCount();

    /** Width of the tensor, pixels. */
    int width();

    /** Height of the tensor, pixels. */
    int height();

    /** How a picture of another shape comes to this size. */
    Fit fit();

    @Override
    default int width(int joints) {
      return channelCount() * height() * width();
    }
  }

  /**
   * A picture in colours. Borders are black.
   *
   * @param topic sensor_msgs/Image or sensor_msgs/CompressedImage, one of the robot file's images
   * @param channels which, in which order, whatever the camera sends
   * @param width of the tensor, pixels
   * @param height of the tensor, pixels
   * @param fit how a picture of another shape comes to this size
   * @param min what a channel's least value becomes
   * @param max what a channel's greatest value becomes
   */
  record ColourImage(
      String topic, Channels channels, int width, int height, Fit fit, float min, float max)
      implements Image {
    /** The channels of a tensor, in order. */
    public enum Channels {
      RGB(3),
      BGR(3),
      GREY(1);

      private final int count;

      Channels(int count) {
        this.count = count;
      }
    }

    public ColourImage {
      SourceSyntax.requireImage(topic, width, height);
      if (!(min < max)) {
        throw new IllegalArgumentException(
            "image %s: found range [%s, %s], wanted an ascending one".formatted(topic, min, max));
      }
    }

    @Override
    public int channelCount() {
      return channels.count;
    }

    @Override
    public Optional<String> unit() {
      return SourceSyntax.ONE;
    }

    @Override
    public String text() {
      return "{image: "
          + topic
          + ", channels: "
          + SourceSyntax.word(channels)
          + SourceSyntax.sizeText(this)
          + ", range: ["
          + min
          + ", "
          + max
          + "]}";
    }
  }

  /**
   * How far what a picture shows is from the camera's plane, in metres: one channel. Each value is
   * one that was measured, never a mixture of several: an edge stays an edge. What a camera
   * measured nearer than {@code near} is {@code near}, what is beyond {@code far} is {@code far};
   * where it measured nothing, and on borders, is {@code invalid}.
   *
   * @param topic sensor_msgs/Image or, of compressed_depth_image_transport,
   *     sensor_msgs/CompressedImage, one of the robot file's depth images
   * @param width of the tensor, pixels
   * @param height of the tensor, pixels
   * @param fit how a picture of another shape comes to this size
   * @param near the least that the policy tells apart, m
   * @param far the greatest that the policy tells apart, m
   * @param invalid what stands for no reading: 0, NaN or infinite in the picture
   */
  record DepthImage(
      String topic, int width, int height, Fit fit, float near, float far, float invalid)
      implements Image {
    public DepthImage {
      SourceSyntax.requireImage(topic, width, height);
      if (!(near >= 0 && near < far && far < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "depth %s: found near %s and far %s, wanted 0 <= near < far, m"
                .formatted(topic, near, far));
      }
      if (!Float.isFinite(invalid)) {
        throw new IllegalArgumentException(
            "depth %s: found invalid %s, wanted a number that a policy can be shown, such as 0.0"
                .formatted(topic, invalid));
      }
    }

    @Override
    public int channelCount() {
      return 1;
    }

    @Override
    public Optional<String> unit() {
      return SourceSyntax.METRE;
    }

    @Override
    public String text() {
      return "{depth: "
          + topic
          + SourceSyntax.sizeText(this)
          + ", near: "
          + near
          + ", far: "
          + far
          + ", invalid: "
          + invalid
          + "}";
    }
  }

  /**
   * Numbers out of any message.
   *
   * @param topic where it comes from
   * @param type of the message, for example {@code geometry_msgs/msg/WrenchStamped}
   * @param field way to the field, names joined by dots: a number, an array or sequence of numbers,
   *     or a message made of numbers alone, whose numbers then come in the definition's order
   * @param size how many numbers
   */
  record TopicField(String topic, String type, String field, int size) implements Source {
    public TopicField {
      SourceSyntax.require("topic", topic, SourceSyntax.TOPIC, "/wrench");
      SourceSyntax.require("type", type, SourceSyntax.TYPE, "geometry_msgs/msg/WrenchStamped");
      SourceSyntax.require("field", field, SourceSyntax.FIELD, "wrench.force");
      if (size < 1) {
        throw new IllegalArgumentException(
            "topic %s: found size %s, wanted at least 1".formatted(topic, size));
      }
    }

    @Override
    public int width(int joints) {
      return size;
    }

    @Override
    public String text() {
      return "{topic: " + topic + ", type: " + type + ", field: " + field + ", size: " + size + "}";
    }
  }
}
