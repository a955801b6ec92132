package dev.forearm.launch.episodes;

import dev.forearm.datasets.lerobot.LeRobotImport;
import dev.forearm.datasets.rosbag.RosbagImport;
import dev.forearm.launch.House;
import dev.forearm.launch.Output;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.List;
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
      "Write others' recordings as episodes of a robot.",
      "A rosbag2 bag (MCAP or sqlite3) becomes one episode, every message on its topic; on those of the",
      "robot file must be states and commands of every joint. A LeRobotDataset v3.0 that names the",
      "robot's joints becomes one an episode: states, actions and videos as messages on its topics."
    })
final class ImportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "BAG|DATASET",
      arity = "1..*",
      description = "A folder, or a file of a bag.")
  private List<Path> places;

  @Option(
      names = "--robot",
      required = true,
      description = "Robot file, or the name of one that comes with Forearm.")
  private String robotName;

  @Option(names = "-o", paramLabel = "FOLDER", required = true, description = "For the episodes.")
  private Path target;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Task of a bag's episode (default: the bag's name).")
  private String task = "";

  @Option(
      names = "--topic",
      paramLabel = "THERE=HERE",
      description = "A topic of the robot file by its name in bags; may be repeated.")
  private Map<String, String> topics = Map.of();

  @Mixin private Output output;

  @Override
  public Integer call() {
    Robot robot = House.robot(robotName);
    int episodes = 0;
    for (Path place : places) {
      if (LeRobotImport.isDataset(place)) {
        episodes += new LeRobotImport(place, robot, target).run(System.out::println);
      } else {
        new RosbagImport(place, robot, topics, target).run(task, System.out::println);
        episodes++;
      }
    }
    System.out.printf("%s: %s episodes%n", target, episodes);
    output.write(Map.of("episodes", episodes));
    return 0;
  }
}
