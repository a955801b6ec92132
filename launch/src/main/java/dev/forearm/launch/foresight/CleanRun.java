package dev.forearm.launch.foresight;

import java.util.List;

/**
 * How an episode went in which nothing was made to go wrong.
 *
 * @param seed of its start state
 * @param stageSeconds when each stage was done, s from the beginning; ascending
 * @param seconds how long it took
 */
record CleanRun(long seed, List<Double> stageSeconds, double seconds) {
  CleanRun {
    stageSeconds = List.copyOf(stageSeconds);
  }

  /** When so many stages were done. */
  double doneSeconds(int stages) {
    return stageSeconds.get(stages - 1);
  }
}
