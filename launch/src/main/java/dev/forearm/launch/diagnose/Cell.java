package dev.forearm.launch.diagnose;

import dev.forearm.launch.session.EpisodeResult;
import java.util.List;

/**
 * How one combination did.
 *
 * @param oracle whether the expert imagined
 * @param hindsight whether the actor was fitted to what came about
 * @param adapted whether commands were adapted to the servos
 * @param results one for each start, in the same order in every cell
 */
record Cell(boolean oracle, boolean hindsight, boolean adapted, List<EpisodeResult> results) {
  Cell {
    results = List.copyOf(results);
  }

  Proportion success() {
    return reached(results.getFirst().stages());
  }

  /** Episodes that got at least so many stages done. */
  Proportion reached(int stages) {
    return new Proportion(
        results.stream().filter(result -> result.stage() >= stages).count(), results.size());
  }

  /**
   * Chance of starts to part this and another so far if the two were equally good: the exact test
   * of McNemar (1947) on the starts of which only one succeeded.
   */
  double chanceOfEqual(Cell other) {
    int won = 0;
    int lost = 0;
    for (int i = 0; i < results.size(); i++) {
      boolean here = results.get(i).success();
      boolean there = other.results.get(i).success();
      won += here && !there ? 1 : 0;
      lost += there && !here ? 1 : 0;
    }
    int parted = won + lost;
    double ways = 1;
    double tail = 0;
    for (int k = 0; k <= Math.min(won, lost); k++) {
      tail += ways;
      ways = ways * (parted - k) / (k + 1);
    }
    return Math.min(1, 2 * tail / Math.pow(2, parted));
  }

  String name() {
    return "%s world model, %s actor%s"
        .formatted(
            oracle ? "expert's" : "own",
            hindsight ? "hindsight" : "own",
            adapted ? ", adapted" : "");
  }
}
