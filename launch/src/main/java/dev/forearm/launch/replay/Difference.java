package dev.forearm.launch.replay;

/**
 * Where a replay first differs from the episode.
 *
 * @param cycle control cycle of the episode, from 1; of a policy step, the first that could have
 *     known
 * @param nanos when, on the episode's clock
 * @param signal what differs
 * @param replayed in words
 * @param recorded in words
 */
record Difference(long cycle, long nanos, String signal, String replayed, String recorded) {
  @Override
  public String toString() {
    return "cycle %s: %s: replayed %s, recorded %s".formatted(cycle, signal, replayed, recorded);
  }
}
