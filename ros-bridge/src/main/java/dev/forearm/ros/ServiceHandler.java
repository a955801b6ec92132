package dev.forearm.ros;

import java.util.function.Consumer;

/**
 * Answers a service's requests, on the transport's service thread, which is not the one that
 * receives topics. It may allocate, log and take its time; other services then wait.
 */
@FunctionalInterface
public interface ServiceHandler<Q extends Message, A extends Message> {
  /**
   * Takes one request.
   *
   * @param reply takes the answer, once, now or later, from any thread
   * @throws RosFault if the request is refused; it is counted, and its client hears nothing
   */
  void onRequest(Q request, Consumer<A> reply);
}
