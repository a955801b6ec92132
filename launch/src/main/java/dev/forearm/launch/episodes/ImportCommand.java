package dev.forearm.launch.episodes;

import dev.forearm.datasets.lerobot.LeRobotImport;
import dev.forearm.launch.House;
import dev.forearm.launch.Output;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm episodes import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Write a LeRobotDataset v3.0 as episodes of a robot whose joints it names: states, actions and",
      "videos as messages on the robot's topics. Numbers stay as they are: wanted are rad and m."
    })
final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DATASET", description = "The dataset's folder.")
  private Path dataset;

  @Option(
      names = "--robot",
      required = true,
      description = "Robot file, or the name of one that comes with Forearm.")
  private String robotName;

  @Option(names = "-o", paramLabel = "FOLDER", required = true, description = "For the episodes.")
  private Path target;

  @Mixin private Output output;

  @Override
  public Integer call() {
    LeRobotImport imported = new LeRobotImport(dataset, House.robot(robotName), target);
    int episodes = imported.run(System.out::println);
    System.out.printf("%s: %s episodes%n", target, episodes);
    output.write(Map.of("episodes", episodes));
    return 0;
  }
}
