package dev.forearm.launch.learn;

import dev.forearm.models.promotion.PairedDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The rows of cells as a table: by task and gap every arm, seed by seed, beside the others. */
final class ExperimentTable {
  private static final long RESAMPLES_SEED = 1;

  private final Map<String, Map<String, List<Map<String, Object>>>> byCase = new TreeMap<>();

  ExperimentTable(List<Map<String, Object>> rows) {
    for (Map<String, Object> row : rows) {
      byCase
          .computeIfAbsent(row.get("task") + ", gap " + row.get("gap"), _ -> new TreeMap<>())
          .computeIfAbsent(String.valueOf(row.get("arm")), _ -> new ArrayList<>())
          .add(row);
    }
  }

  /** Markdown; differences are paired by start, over the seeds that both arms have. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    byCase.forEach((title, arms) -> {
      text.append("## ").append(title).append("\n\n");
      text.append(
          "| arm | episodes | gradient steps | success by seed | mean | minus sft | minus actor-only | CPU s |\n");
      text.append("|---|---|---|---|---|---|---|---|\n");
      arms.forEach((arm, rows) ->
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %s | %s | %s | %.3f | %s | %s | %.0f |%n",
                  arm,
                  rows.getFirst().get("interaction_episodes"),
                  rows.getFirst().get("gradient_steps"),
                  String.join(", ", rows.stream().map(ExperimentTable::rate).toList()),
                  rows.stream().mapToDouble(ExperimentTable::success).average().orElse(0),
                  minus(rows, arms.getOrDefault("sft", List.of())),
                  minus(rows, arms.getOrDefault("actor-only", List.of())),
                  rows.stream()
                      .mapToDouble(row -> number(row, "learning_cpu_s"))
                      .average()
                      .orElse(0))));
      text.append('\n');
    });
    return text.toString();
  }

  private static String rate(Map<String, Object> row) {
    return String.format(Locale.ROOT, "%.3f", success(row));
  }

  private static double success(Map<String, Object> row) {
    return number(row, "successes") / number(row, "episodes");
  }

  private static double number(Map<String, Object> row, String key) {
    return row.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static String minus(List<Map<String, Object>> rows, List<Map<String, Object>> others) {
    List<Boolean> ours = new ArrayList<>();
    List<Boolean> theirs = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      for (Map<String, Object> other : others) {
        if (!row.equals(other) && Objects.equals(row.get("seed"), other.get("seed"))) {
          ours.addAll(outcomes(row));
          theirs.addAll(outcomes(other));
        }
      }
    }
    return ours.isEmpty() || ours.size() != theirs.size()
        ? ""
        : PairedDifference.of(array(theirs), array(ours), RESAMPLES_SEED).inWords();
  }

  private static List<Boolean> outcomes(Map<String, Object> row) {
    List<Boolean> outcomes = new ArrayList<>();
    if (row.get("success") instanceof List<?> all) {
      all.forEach(each -> outcomes.add(Boolean.TRUE.equals(each)));
    }
    return outcomes;
  }

  private static boolean[] array(List<Boolean> values) {
    boolean[] array = new boolean[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
