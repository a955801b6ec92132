package dev.forearm.ros;

/**
 * Waits for any of a transport's sources, whatever library is below it. One thread waits and takes;
 * any thread attaches and wakes it.
 *
 * @param <S> what messages come from
 */
public interface WaitSet<S> {
  /** Waits for {@code source} too, from the next {@link #await} on. */
  void attach(S source);

  /**
   * Waits until a source has something, or until it is woken.
   *
   * @return how many sources have something; they can be taken from until the next call
   */
  int await();

  /** Takes what has arrived from one of those that {@link #await} counted. */
  void take(int ready);

  /** Ends the wait, now and from then on. */
  void wakeUp();
}
