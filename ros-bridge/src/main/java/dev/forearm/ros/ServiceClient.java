package dev.forearm.ros;

import java.util.concurrent.CompletableFuture;

/** The asking end of a service. Any thread. */
public interface ServiceClient<Q extends Message, A extends Message> extends AutoCloseable {
  /** Requests under way at most; the oldest is given up for the next. */
  int MOST_UNDER_WAY = 64;

  /** Fully resolved ROS name, for example {@code /controller_manager/list_controllers}. */
  String service();

  /** Whether a server is there that would hear a request, and whose answer would be heard. */
  boolean available();

  /**
   * Sends a request.
   *
   * @return its answer, completed on the transport's service thread; with a {@link RosFault} if it
   *     is given up. A server that never answers leaves it open: bound the wait
   * @throws RosFault if the transport refuses it
   */
  CompletableFuture<A> call(Q request);

  /** Gives up what is under way. */
  @Override
  void close();
}
