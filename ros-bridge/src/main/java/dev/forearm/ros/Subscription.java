package dev.forearm.ros;

/** The receiving end of a topic. Counters may be read from any thread. */
public interface Subscription extends AutoCloseable {
  /** Fully resolved ROS name, for example {@code /joint_states}. */
  String topic();

  MessageType type();

  /**
   * Publications matched right now, over all processes and this one: two on a command topic are two
   * commanders.
   */
  int publishers();

  /** Messages handed to the handler. */
  long received();

  /** Messages the handler refused with a {@link RosFault}. */
  long refused();

  @Override
  void close();
}
