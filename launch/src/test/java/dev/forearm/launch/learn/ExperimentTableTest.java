package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExperimentTableTest {
  /** One cell; where an episode failed, it was at the blue cube. */
  private static Map<String, Object> row(String arm, long seed, Boolean... success) {
    List<Boolean> outcomes = List.of(success);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("task", "tidy");
    row.put("gap", "none");
    row.put("arm", arm);
    row.put("seed", seed);
    row.put("interaction_episodes", 64);
    row.put("gradient_steps", 3000);
    row.put("learning_cpu_s", 12.0);
    row.put("successes", outcomes.stream().filter(each -> each).count());
    row.put("episodes", outcomes.size());
    row.put("success", outcomes);
    row.put("stage", outcomes.stream().map(each -> each ? 7 : 3).toList());
    return row;
  }

  @Test
  void armsAreComparedStartByStartOverTheSeedsThatBothHave() {
    String table =
        new ExperimentTable(
                List.of(
                    row("sft", 1, false, false, true, true),
                    row("joint", 10, false, false, false, false), // as files are listed
                    row("joint", 1, true, true, true, true)))
            .markdown();
    assertTrue(table.contains("## tidy, gap none"), table);
    assertTrue(table.contains("1.000, 0.000 | 0.500 | +0.500 ["), table);
    assertTrue(table.contains("| sft | 64 | 3000 | 0.500 | 0.500 |  |  |"), table);
  }

  @Test
  void theActorAloneIsTheStrongestArmOfThat() {
    String table =
        new ExperimentTable(
                List.of(
                    row("actor-only", 1, false, false, false, false),
                    row("actor-retrieval", 1, true, true, false, false),
                    row("joint", 1, true, true, true, true)))
            .markdown();
    assertTrue(table.contains("| joint | 64 | 3000 | 1.000 | 1.000 |  | +0.500 ["), table);
    assertTrue(table.contains("| actor-only | 64 | 3000 | 0.000 | 0.000 |  | -0.500 ["), table);
  }

  @Test
  void anArmWithAllSeedsIsComparedBeforeAStrongerOneWithFewer() {
    String table =
        new ExperimentTable(
                List.of(
                    row("actor-only", 1, true, true, true, true),
                    row("actor-retrieval", 1, false, false, false, false),
                    row("actor-retrieval", 2, false, false, false, false),
                    row("joint", 1, true, true, true, true),
                    row("joint", 2, true, true, true, true)))
            .markdown();
    assertTrue(table.contains("| 1.000 |  | +1.000 ["), table);
  }

  @Test
  void tellsHowLearningWentWhereFailuresEndedAndHowGraspsDid() {
    Map<String, Object> one = row("joint", 1, true, false);
    Map<String, Object> other = row("joint", 2, false, false);
    one.put(
        "iterations",
        List.of(
            Map.of("successes", 1, "episodes", 4, "accepted", true),
            Map.of("successes", 3, "episodes", 4, "accepted", false)));
    other.put("iterations", List.of(Map.of("successes", 2, "episodes", 4, "accepted", true)));
    Map<String, Object> grasps = Map.of("episodes", 2, "attempts", 5, "missed", 2, "recovered", 1);
    one.put("grasps", Map.of("red_cube", grasps));
    other.put("grasps", Map.of("red_cube", grasps));
    String table = new ExperimentTable(List.of(one, other, row("sft", 1, true, true))).markdown();
    assertTrue(
        table.contains(
            "| joint | 0.38 0.75 | 2 of 3 | lift the blue cube 3 | red_cube 10 of 4 | red_cube 4 of 4 | red_cube 2 of 4 |"),
        table);
    assertTrue(table.contains("| sft |  |  |  |  |  |  |"), table);
  }
}
