package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExperimentTableTest {
  private static Map<String, Object> row(String arm, long seed, Boolean... success) {
    return Map.of(
        "task",
        "tidy",
        "gap",
        "none",
        "arm",
        arm,
        "seed",
        seed,
        "interaction_episodes",
        64,
        "gradient_steps",
        3000,
        "learning_cpu_s",
        12.0,
        "successes",
        List.of(success).stream().filter(each -> each).count(),
        "episodes",
        success.length,
        "success",
        List.of(success));
  }

  @Test
  void armsAreComparedStartByStartOverTheSeedsThatBothHave() {
    String table =
        new ExperimentTable(
                List.of(
                    row("sft", 1, false, false, true, true),
                    row("joint", 1, true, true, true, true),
                    row("joint", 2, false, false, false, false)))
            .markdown();
    assertTrue(table.contains("## tidy, gap none"), table);
    assertTrue(table.contains("1.000, 0.000 | 0.500 | +0.500 ["), table);
    assertTrue(table.contains("| sft | 64 | 3000 | 0.500 | 0.500 |  |  |"), table);
  }
}
