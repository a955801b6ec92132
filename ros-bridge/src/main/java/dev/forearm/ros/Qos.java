package dev.forearm.ros;

/**
 * Quality of service of a publication or a subscription.
 *
 * @param reliability whether a lost message is sent again
 * @param durability whether a late subscription gets what was published before
 * @param depth messages kept for each side (KEEP_LAST), at least 1
 * @param timing what is promised of time, or asked for
 */
public record Qos(Reliability reliability, Durability durability, int depth, Timing timing) {
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

  /**
   * What a publication promises of time, or a subscription asks for; nanoseconds, {@link
   * #WITHOUT_LIMIT} for nothing. Liveliness is automatic: the process lives.
   *
   * @param deadlineNanos longest time between two messages
   * @param lifespanNanos after which a message is not delivered any more; the publication's alone
   * @param leaseNanos longest time after which a publisher that is gone is known to be
   */
  public record Timing(long deadlineNanos, long lifespanNanos, long leaseNanos) {
    public static final long WITHOUT_LIMIT = Long.MAX_VALUE;
    public static final Timing FREE = new Timing(WITHOUT_LIMIT, WITHOUT_LIMIT, WITHOUT_LIMIT);

    public Timing {
      if (deadlineNanos <= 0 || lifespanNanos <= 0 || leaseNanos <= 0) {
        throw new IllegalArgumentException("QoS times must be longer than 0 ns");
      }
    }

    /** For people; empty where nothing is said. */
    @Override
    public String toString() {
      return said(" deadline ", deadlineNanos) + said(" lease ", leaseNanos);
    }

    private static String said(String what, long nanos) {
      return nanos == WITHOUT_LIMIT ? "" : what + nanos / 1e6 + " ms";
    }
  }

  /** ROS 2's default profile: reliable, volatile, depth 10. */
  public static final Qos DEFAULT = new Qos(Reliability.RELIABLE, Durability.VOLATILE, 10);

  /** ROS 2's sensor data profile: best effort, volatile, depth 5. */
  public static final Qos SENSOR_DATA = new Qos(Reliability.BEST_EFFORT, Durability.VOLATILE, 5);

  /** Commands: reliable, and only the newest matters. */
  public static final Qos COMMAND = new Qos(Reliability.RELIABLE, Durability.VOLATILE, 1);

  /** Status that a late listener must still see: reliable, transient local, depth 1. */
  public static final Qos LATCHED = new Qos(Reliability.RELIABLE, Durability.TRANSIENT_LOCAL, 1);

  /** Without promises of time. */
  public Qos(Reliability reliability, Durability durability, int depth) {
    this(reliability, durability, depth, Timing.FREE);
  }

  public Qos {
    if (depth < 1) {
      throw new IllegalArgumentException("QoS depth " + depth + " is not at least 1");
    }
  }

  /** The same with promises of time. */
  public Qos with(Timing promised) {
    return new Qos(reliability, durability, depth, promised);
  }

  /** Whether a publication with this QoS satisfies a subscription that asks for {@code wanted}. */
  public boolean offers(Qos wanted) {
    return reliability.compareTo(wanted.reliability) >= 0
        && durability.compareTo(wanted.durability) >= 0
        && timing.deadlineNanos <= wanted.timing.deadlineNanos
        && timing.leaseNanos <= wanted.timing.leaseNanos;
  }
}
