package dev.forearm.launch.episodes;

import dev.forearm.launch.House;
import dev.forearm.launch.Output;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.episode.TopicTimes;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm episodes show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "What one episode says of itself, its topics with their rates and gaps, who drove and when each",
      "stage was done."
    })
final class ShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "EPISODE", description = "An episode's file.")
  private Path file;

  @Option(
      names = "--robot",
      description =
          "Robot file, or the name of one that comes with Forearm, for the plot (default: the name that the episode has).")
  private @Nullable String robotName;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Draw joints, what was imagined against what happened, stages and safety.")
  private @Nullable Path png;

  @Mixin private Output output;

  @Override
  public Integer call() {
    EpisodeSurvey survey = EpisodeSurvey.read(file);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("episode", survey.info());
    report.put("seconds", survey.seconds());
    report.put("outcome", survey.outcome());
    report.put("recovery", survey.recovery());
    report.put("label", survey.label());
    Optional<RecordedPlans> plans = plans();
    plans.ifPresent(read -> {
      report.put("drivers", drivers(read));
      report.put("stages", stages(read, survey.startNanos()));
    });
    print(report);
    print(survey);
    report.put("topics", survey.topics().stream().map(ShowCommand::row).toList());
    output.write(report);
    if (png != null) {
      Robot robot = House.robot(robotName, survey.info());
      EpisodePlot.write(png, file, robot, EpisodeReader.read(file));
    }
    return 0;
  }

  /** Empty of files that a policy had no part in; says why. */
  private Optional<RecordedPlans> plans() {
    try {
      return Optional.of(EpisodeReader.read(file));
    } catch (RuntimeFault fault) {
      System.out.println(fault.getMessage());
      return Optional.empty();
    }
  }

  /** Chunks by who made them. */
  private static Map<String, Long> drivers(RecordedPlans plans) {
    return plans.chunks().keySet().stream()
        .map(plans::driver)
        .collect(Collectors.groupingBy(Driver::text, LinkedHashMap::new, Collectors.counting()));
  }

  private static List<String> stages(RecordedPlans plans, long startNanos) {
    List<String> stages = new ArrayList<>();
    plans
        .stages()
        .forEach((nanos, done) ->
            stages.add(String.format(Locale.ROOT, "%s@%.2f", done, (nanos - startNanos) * 1e-9)));
    return stages;
  }

  private static void print(Map<String, Object> report) {
    report.forEach((name, value) -> {
      if (value instanceof Map<?, ?> map) {
        map.forEach((key, each) -> System.out.printf("%-10s %s: %s%n", name, key, each));
      } else {
        System.out.printf("%-10s %s%n", name, value);
      }
    });
  }

  private static void print(EpisodeSurvey survey) {
    System.out.printf(
        "%n%-44s %9s %9s %9s %6s %9s%n", "topic", "messages", "Hz", "kB", "gaps", "s");
    for (TopicTimes topic : survey.topics()) {
      System.out.println(
          String.format(
                  Locale.ROOT,
                  "%-44s %9s %9.1f %9.0f %6s %9.3f %s",
                  topic.topic(),
                  topic.messages(),
                  topic.rateHz(),
                  topic.bytes() * 1e-3,
                  topic.gaps().size(),
                  topic.longestGapNanos() * 1e-9,
                  topic.stepsBack() == 0 ? "" : topic.stepsBack() + " stamps step back")
              .stripTrailing());
    }
  }

  private static Map<String, Object> row(TopicTimes topic) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("topic", topic.topic());
    row.put("type", topic.type());
    row.put("messages", topic.messages());
    row.put("bytes", topic.bytes());
    row.put("rate_hz", topic.rateHz());
    row.put("gaps", topic.gaps().size());
    row.put("longest_gap_seconds", topic.longestGapNanos() * 1e-9);
    row.put("steps_back", topic.stepsBack());
    return row;
  }
}
