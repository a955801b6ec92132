package dev.forearm.ros;

/** The answering end of a service. Counters may be read from any thread. */
public interface ServiceServer extends AutoCloseable {
  /** Fully resolved ROS name, for example {@code /forearm/get_parameters}. */
  String service();

  /** Requests handed to the handler. */
  long received();

  /** Requests that could not be read, or that the handler refused with a {@link RosFault}. */
  long refused();

  @Override
  void close();
}
