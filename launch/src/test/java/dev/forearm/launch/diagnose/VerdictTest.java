package dev.forearm.launch.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.runtime.episode.EpisodeOutcome.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VerdictTest {
  private static final List<String> STAGES = List.of("grasp it", "carry it", "let go of it");
  private static final int EPISODES = 20;

  @Test
  void wilsonsIntervalsAreThoseOfTheTables() {
    Proportion proportion = new Proportion(12, 20);
    assertEquals(0.387, proportion.low(), 5e-4);
    assertEquals(0.781, proportion.high(), 5e-4);
    assertEquals(0, new Proportion(0, 30).low(), 1e-12);
    assertEquals(0.114, new Proportion(0, 30).high(), 5e-4);
  }

  @Test
  void onlyStartsThatPartTwoCellsCount() {
    Cell none = cell(false, false, false, 0, 0);
    assertEquals(1, none.chanceOfEqual(none));
    assertEquals(2 * Math.pow(0.5, 6), none.chanceOfEqual(cell(true, false, false, 6, 0)), 1e-12);
    assertEquals(0.125, none.chanceOfEqual(cell(true, false, false, 4, 0)), 1e-12);
  }

  @Test
  void theHalfWhoseRepairHelpsIsAtFaultWhereItHelps() {
    String text = verdict(2, 18, 3, 19);
    assertTrue(text.contains("The world model is at fault, most of all at 'carry it'"), text);
    assertTrue(verdict(2, 3, 18, 19).contains("The actor is at fault"));
    assertTrue(verdict(0, 1, 1, 19).contains("both halves are at fault"));
    assertTrue(verdict(20, 20, 20, 20).contains("Nothing much is wrong"));
    assertTrue(verdict(0, 1, 1, 2).contains("Neither repair helps clearly"));
  }

  @Test
  void halvesAreJudgedAfterAdaptationWhereThatHelps() {
    List<Cell> cells = new ArrayList<>(cells(false, 0, 1, 1, 1));
    cells.addAll(cells(true, 12, 20, 12, 20));
    String text = new Verdict(cells, STAGES).text();
    assertTrue(text.contains("Adapting to the servos: 12 of 20"), text);
    assertTrue(text.contains("So the servos are a fault"), text);
    assertTrue(text.contains("The world model is at fault"), text);
  }

  private static String verdict(int own, int oracle, int hindsight, int both) {
    return new Verdict(cells(false, own, oracle, hindsight, both), STAGES).text();
  }

  private static List<Cell> cells(boolean adapted, int own, int oracle, int hindsight, int both) {
    return List.of(
        cell(false, false, adapted, own, 1),
        cell(true, false, adapted, oracle, 1),
        cell(false, true, adapted, hindsight, 1),
        cell(true, true, adapted, both, 1));
  }

  /** The first so many starts succeed, the others get {@code stage} stages done. */
  private static Cell cell(
      boolean oracle, boolean hindsight, boolean adapted, int successes, int stage) {
    return new Cell(
        oracle,
        hindsight,
        adapted,
        IntStream.range(0, EPISODES)
            .mapToObj(i ->
                new EpisodeResult(
                    i,
                    i < successes ? Result.SUCCESS : Result.TIMEOUT,
                    "",
                    i < successes ? STAGES.size() : stage,
                    STAGES.size(),
                    Map.of(),
                    10,
                    Optional.empty()))
            .toList());
  }
}
