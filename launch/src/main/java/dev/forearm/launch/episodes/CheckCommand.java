package dev.forearm.launch.episodes;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm episodes check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Look for what makes episodes bad ones to learn from: damaged chunks, CRCs, indexes and counts,",
      "dropped messages, gaps, stamps that step back, topics that are missing, messages that cannot be",
      "decoded, two recordings in one file. Exits 1 if one has any of these, and says which."
    })
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "EPISODE|FOLDER", arity = "1..*", description = "What to check.")
  private List<Path> places;

  @Option(
      names = "--robot",
      description =
          "Robot file, or the name of one that comes with Forearm, whose joint topics must be there (default: the name that the episode has).")
  private @Nullable String robotName;

  @Option(
      names = "--topic",
      description = "A topic that must have messages as well; may be repeated.")
  private List<String> topics = List.of();

  @Mixin private Output output;

  @Override
  public Integer call() {
    Map<String, List<String>> wrong = new LinkedHashMap<>();
    int checked = 0;
    for (Path place : places) {
      for (Path file : EpisodeReader.files(place)) {
        List<String> problems = EpisodeCheck.problems(file, robot(file), topics);
        checked++;
        if (!problems.isEmpty()) {
          wrong.put(file.toString(), problems);
          System.out.println(file);
          problems.forEach(problem -> System.out.println("  " + problem));
        }
      }
    }
    System.out.printf("%s of %s episodes are whole%n", checked - wrong.size(), checked);
    output.write(Map.of("episodes", checked, "problems", wrong));
    return wrong.isEmpty() ? 0 : 1;
  }

  private Optional<Robot> robot(Path file) {
    if (robotName != null) {
      return Optional.of(House.robot(robotName));
    }
    try {
      return Optional.of(House.robot(EpisodeSurvey.heading(file).info().getOrDefault("robot", "")));
    } catch (LaunchFailure | RuntimeFault unknown) { // an episode of somebody else's robot
      return Optional.empty();
    }
  }
}
