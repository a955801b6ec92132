package dev.forearm.runtime.agent;

/** Learns what ended an agent before it was told to end. */
@FunctionalInterface
public interface FailureHandler {
  /**
   * Called once for an agent, on its own thread and after its {@link Agent#onClose}; on the closing
   * thread if the agent would not end.
   *
   * @param agent its name
   * @param failure anything that can be thrown
   */
  void failed(String agent, Throwable failure);
}
