package dev.forearm.ros;

/**
 * Quality of service of a publication or a subscription.
 *
 * @param reliability whether a lost message is sent again
 * @param durability whether a late subscription gets what was published before
 * @param depth messages kept for each side (KEEP_LAST), at least 1
 */
public record Qos(Reliability reliability, Durability durability, int depth) {
  /** Whether a lost message is sent again. */
  public enum Reliability {
    BEST_EFFORT,
    RELIABLE
  }

  /** Whether a late subscription gets what was published before. */
  public enum Durability {
    VOLATILE,
    TRANSIENT_LOCAL
  }

  /** ROS 2's default profile: reliable, volatile, depth 10. */
  public static final Qos DEFAULT = new Qos(Reliability.RELIABLE, Durability.VOLATILE, 10);

  /** ROS 2's sensor data profile: best effort, volatile, depth 5. */
  public static final Qos SENSOR_DATA = new Qos(Reliability.BEST_EFFORT, Durability.VOLATILE, 5);

  /** Commands: reliable, and only the newest matters. */
  public static final Qos COMMAND = new Qos(Reliability.RELIABLE, Durability.VOLATILE, 1);

  /** Status that a late listener must still see: reliable, transient local, depth 1. */
  public static final Qos LATCHED = new Qos(Reliability.RELIABLE, Durability.TRANSIENT_LOCAL, 1);

  public Qos {
    if (depth < 1) {
      throw new IllegalArgumentException("QoS depth " + depth + " is not at least 1");
    }
  }

  /** Whether a publication with this QoS satisfies a subscription that asks for {@code wanted}. */
  public boolean offers(Qos wanted) {
    return reliability.compareTo(wanted.reliability) >= 0
        && durability.compareTo(wanted.durability) >= 0;
  }
}
