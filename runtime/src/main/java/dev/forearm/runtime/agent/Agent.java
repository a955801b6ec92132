package dev.forearm.runtime.agent;

/**
 * One duty, on one thread from its start to its end. A runner calls every method but {@link #name}
 * on the agent's own thread only: {@link #onStart} once, {@link #doWork} again and again, {@link
 * #onClose} once, whatever came before. In lockstep the one stepping thread calls {@link #doWork}.
 */
public interface Agent {
  /** The thread's name, for people, profilers and reasons of safety states. */
  String name();

  /** Acquires what only the agent's own thread may touch. */
  default void onStart() {}

  /**
   * Works once.
   *
   * @param nowNanos when this turn began, on the monotonic clock, read once
   * @return how much was done; 0 if there was nothing to do and the thread may rest
   */
  int doWork(long nowNanos);

  /** Releases what {@link #onStart} and {@link #doWork} acquired. */
  default void onClose() {}
}
