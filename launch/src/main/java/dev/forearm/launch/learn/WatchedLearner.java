package dev.forearm.launch.learn;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.report.Json;
import dev.forearm.viewer.Learning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a learner's folder tells whoever looks on while it learns. Only reads; any thread. */
public final class WatchedLearner {
  private WatchedLearner() {}

  /** Whether a folder is a learner's. */
  public static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(LearnerState.FILE));
  }

  /**
   * Looks.
   *
   * @throws LaunchFailure if the folder is no learner's or cannot be read
   */
  public static Learning at(Path folder) {
    try {
      LearnerState state = LearnerState.read(folder);
      List<Map<String, Object>> lines = lines(folder.resolve(Progress.FILE));
      boolean underWay =
          !lines.isEmpty() && number(lines.getFirst(), Progress.ITERATION) > state.iterations();
      Map<String, List<Map<String, Object>>> losses = new LinkedHashMap<>();
      for (Map<String, Object> line : lines) {
        if (line.containsKey(Progress.LOSS)) {
          losses.computeIfAbsent(phase(line), _ -> new ArrayList<>()).add(line);
        }
      }
      return new Learning(
          folder.toString(),
          state.shown(),
          underWay && lines.size() > 1 ? Optional.of(now(lines.getLast())) : Optional.empty(),
          losses.entrySet().stream()
              .map(half ->
                  new Learning.Loss(
                      half.getKey(),
                      half.getValue().stream().map(line -> number(line, Progress.DONE)).toList(),
                      half.getValue().stream().map(line -> number(line, Progress.LOSS)).toList()))
              .toList());
    } catch (IOException | IllegalArgumentException e) {
      throw new LaunchFailure(
          "view %s: what its learner says cannot be read (%s); name the folder that 'forearm learn --work' was given"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** The lines that are whole: the last may just be written. */
  private static List<Map<String, Object>> lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(line -> LearnerState.map(Json.read(line)))
        .toList();
  }

  private static Learning.Phase now(Map<String, Object> line) {
    return new Learning.Phase(
        phase(line), (long) number(line, Progress.DONE), (long) number(line, Progress.OF));
  }

  private static String phase(Map<String, Object> line) {
    return String.valueOf(line.get(Progress.PHASE));
  }

  /** What an iteration brought, for plots. */
  static Learning.Iteration iteration(Map<String, Object> brought) {
    return new Learning.Iteration(
        number(brought, "successes") / number(brought, "episodes"),
        number(brought, "incumbent_success"),
        number(brought, "candidate_success"),
        Boolean.TRUE.equals(brought.get("accepted")));
  }

  /** Not a number where there is none. */
  private static double number(Map<String, Object> from, String key) {
    return from.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
