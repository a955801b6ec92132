package dev.forearm.launch.episodes;

import dev.forearm.launch.Output;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeSurvey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code forearm episodes list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "One line an episode: robot, task, policy, duration, how it ended, label, drops.")
final class ListCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("episode", "robot", "task", "policy", "seconds", "outcome", "label", "dropped");

  @Parameters(paramLabel = "EPISODE|FOLDER", arity = "1..*", description = "What to list.")
  private List<Path> places;

  @Mixin private Output output;

  @Override
  public Integer call() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Path place : places) {
      for (Path file : EpisodeReader.files(place)) {
        rows.add(row(file));
      }
    }
    print(rows);
    output.write(Map.of("episodes", rows));
    return 0;
  }

  private static Map<String, Object> row(Path file) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("episode", String.valueOf(file.getFileName()));
    try {
      EpisodeSurvey survey = EpisodeSurvey.heading(file);
      row.put("robot", survey.info().getOrDefault("robot", ""));
      row.put("task", survey.info().getOrDefault("task", ""));
      row.put("policy", survey.info().getOrDefault("bundle", ""));
      row.put("seconds", survey.seconds());
      row.put("outcome", survey.result());
      row.put("label", survey.label());
      row.put("dropped", survey.dropped());
    } catch (RuntimeFault fault) { // the row stays; 'check' says why
      row.put("outcome", "unreadable");
    }
    return row;
  }

  private static void print(List<Map<String, Object>> rows) {
    List<List<String>> cells = new ArrayList<>(List.of(COLUMNS));
    rows.forEach(row -> cells.add(COLUMNS.stream().map(column -> text(row.get(column))).toList()));
    for (List<String> line : cells) {
      StringBuilder padded = new StringBuilder();
      for (int i = 0; i < COLUMNS.size(); i++) {
        int column = i;
        int width = cells.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        padded.append(line.get(i)).repeat(' ', width + 2 - line.get(i).length());
      }
      System.out.println(padded.toString().stripTrailing());
    }
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Double seconds -> String.format(Locale.ROOT, "%.1f", seconds);
      default -> value.toString();
    };
  }
}
