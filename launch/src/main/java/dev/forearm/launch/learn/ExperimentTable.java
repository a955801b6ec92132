package dev.forearm.launch.learn;

import dev.forearm.models.promotion.PairedDifference;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rows of cells as tables: by task and gap every arm, seed by seed, beside the others. */
final class ExperimentTable {
  private static final long RESAMPLES_SEED = 1;

  private final Map<String, Map<String, List<Map<String, Object>>>> byCase = new TreeMap<>();

  ExperimentTable(List<Map<String, Object>> unsorted) {
    List<Map<String, Object>> rows = new ArrayList<>(unsorted);
    rows.sort(Comparator.comparingDouble(row -> number(row, "seed")));
    for (Map<String, Object> row : rows) {
      byCase
          .computeIfAbsent(row.get("task") + ", gap " + row.get("gap"), _ -> new TreeMap<>())
          .computeIfAbsent(String.valueOf(row.get("arm")), _ -> new ArrayList<>())
          .add(row);
    }
  }

  /**
   * Markdown; differences are paired by start, over the seeds that both arms have, those from the
   * actor alone are from the strongest of the other arms that are called {@code actor-}, among
   * those that have most of its seeds. How often a candidate was taken, where failures ended and
   * how grasps went is over all seeds of an arm.
   */
  String markdown() {
    StringBuilder text = new StringBuilder();
    byCase.forEach((title, arms) -> {
      text.append("## ").append(title).append("\n\n");
      text.append(
          "| arm | episodes | gradient steps | success by seed | mean | minus sft | minus the strongest actor alone | CPU s |\n");
      text.append("|---|---|---|---|---|---|---|---|\n");
      arms.forEach((arm, rows) -> text.append(outcome(arm, rows, arms)));
      text.append('\n');
      text.append(
          "| arm | success while practising, by iteration | candidates taken | failures while it had to | attempts, of episodes with one | first grasp missed | recovered |\n");
      text.append("|---|---|---|---|---|---|---|\n");
      arms.forEach((arm, rows) -> text.append(course(arm, rows)));
      text.append('\n');
    });
    return text.toString();
  }

  private static String outcome(
      String arm, List<Map<String, Object>> rows, Map<String, List<Map<String, Object>>> arms) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.3f | %s | %s | %.0f |%n",
        arm,
        rows.getFirst().get("interaction_episodes"),
        rows.getFirst().get("gradient_steps"),
        String.join(", ", rows.stream().map(ExperimentTable::rate).toList()),
        mean(rows),
        minus(rows, arms.getOrDefault("sft", List.of())),
        minus(rows, strongestActorAlone(arm, rows, arms)),
        rows.stream().mapToDouble(row -> number(row, "learning_cpu_s")).average().orElse(0));
  }

  private static String course(String arm, List<Map<String, Object>> rows) {
    return "| %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            arm,
            curve(rows),
            taken(rows),
            failures(rows),
            grasps(rows, "attempts", "episodes"),
            grasps(rows, "missed", "episodes"),
            grasps(rows, "recovered", "missed"));
  }

  /** By iteration, the mean over the rows that have it. */
  private static String curve(List<Map<String, Object>> rows) {
    List<String> points = new ArrayList<>();
    for (int i = 0; ; i++) {
      int iteration = i;
      var rates =
          rows.stream()
              .map(ExperimentTable::iterations)
              .filter(
                  done -> done.size() > iteration && done.get(iteration).containsKey("episodes"))
              .mapToDouble(done ->
                  number(done.get(iteration), "successes")
                      / number(done.get(iteration), "episodes"))
              .average();
      if (rates.isEmpty()) {
        return String.join(" ", points);
      }
      points.add(String.format(Locale.ROOT, "%.2f", rates.getAsDouble()));
    }
  }

  private static String taken(List<Map<String, Object>> rows) {
    List<Map<String, Object>> all = rows.stream().flatMap(row -> iterations(row).stream()).toList();
    long taken = all.stream().filter(each -> Boolean.TRUE.equals(each.get("accepted"))).count();
    return all.isEmpty() ? "" : taken + " of " + all.size();
  }

  private static String failures(List<Map<String, Object>> rows) {
    List<String> stages = Task.named(String.valueOf(rows.getFirst().get("task"))).stages();
    List<Integer> ends =
        rows.stream()
            .flatMap(row -> list(row, "stage").stream())
            .map(stage -> ((Number) stage).intValue())
            .toList();
    List<String> told = new ArrayList<>();
    for (int stage = 0; stage < stages.size(); stage++) {
      int here = stage;
      long count = ends.stream().filter(end -> end == here).count();
      if (count > 0) {
        told.add(stages.get(stage) + " " + count);
      }
    }
    return String.join(", ", told);
  }

  /** Of each cube, one number of its grasps beside another; empty where they were not counted. */
  private static String grasps(List<Map<String, Object>> rows, String key, String of) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Integer> wholes = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      LearnerState.map(row.get("grasps"))
          .forEach((cube, values) -> {
            counts.merge(cube, (int) number(LearnerState.map(values), key), Integer::sum);
            wholes.merge(cube, (int) number(LearnerState.map(values), of), Integer::sum);
          });
    }
    return counts.keySet().stream()
        .map(cube -> "%s %s of %s".formatted(cube, counts.get(cube), wholes.get(cube)))
        .collect(Collectors.joining(", "));
  }

  private static List<?> list(Map<String, Object> row, String key) {
    return row.get(key) instanceof List<?> values ? values : List.of();
  }

  private static List<Map<String, Object>> iterations(Map<String, Object> row) {
    return list(row, "iterations").stream().map(LearnerState::map).toList();
  }

  private static List<Map<String, Object>> strongestActorAlone(
      String arm, List<Map<String, Object>> rows, Map<String, List<Map<String, Object>>> arms) {
    return arms.keySet().stream()
        .filter(other -> other.startsWith("actor-") && !other.equals(arm))
        .map(arms::get)
        .max(
            Comparator.comparingLong((List<Map<String, Object>> other) -> shared(other, rows))
                .thenComparingDouble(ExperimentTable::mean))
        .orElse(List.of());
  }

  /** How many seeds two arms have both. */
  private static long shared(List<Map<String, Object>> ones, List<Map<String, Object>> others) {
    Set<Object> seeds = others.stream().map(row -> row.get("seed")).collect(Collectors.toSet());
    return ones.stream().filter(row -> seeds.contains(row.get("seed"))).count();
  }

  private static double mean(List<Map<String, Object>> rows) {
    return rows.stream().mapToDouble(ExperimentTable::success).average().orElse(0);
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
    List<boolean[]> ours = new ArrayList<>();
    List<boolean[]> theirs = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      for (Map<String, Object> other : others) {
        if (!row.equals(other) && Objects.equals(row.get("seed"), other.get("seed"))) {
          ours.add(outcomes(row));
          theirs.add(outcomes(other));
        }
      }
    }
    return ours.isEmpty() || !sameLengths(ours, theirs)
        ? ""
        : PairedDifference.of(theirs, ours, RESAMPLES_SEED).inWords();
  }

  private static boolean sameLengths(List<boolean[]> ours, List<boolean[]> theirs) {
    int length = ours.getFirst().length;
    return ours.stream().allMatch(each -> each.length == length)
        && theirs.stream().allMatch(each -> each.length == length);
  }

  private static boolean[] outcomes(Map<String, Object> row) {
    List<?> all = list(row, "success");
    boolean[] outcomes = new boolean[all.size()];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = Boolean.TRUE.equals(all.get(i));
    }
    return outcomes;
  }
}
