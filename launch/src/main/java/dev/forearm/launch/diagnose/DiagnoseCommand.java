package dev.forearm.launch.diagnose;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.TaskOptions;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm diagnose}. */
@Command(
    name = "diagnose",
    mixinStandardHelpOptions = true,
    description = {
      "Tell which half of a policy is at fault, at which stage, and what repairing it would give:",
      "each half is replaced by one that knows, on the same starts, with and without adaptation to",
      "the servos; and with a gap, the policy meets each part of it alone.",
      "With --from-episodes nothing is played: recorded episodes are asked."
    })
public final class DiagnoseCommand implements Callable<Integer> {
  private static final String ROBOT = "tabletop";

  @Mixin private Output output;
  @Mixin private TaskOptions asked;

  @Option(
      names = "--bundle",
      required = true,
      description = "Policy bundle, or the name of one that comes with Forearm.")
  private String bundle;

  @Option(
      names = "--episodes",
      defaultValue = "20",
      description = "Of each combination (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(
      names = "--lessons",
      defaultValue = "60",
      description = {
        "Episodes from other starts that the hindsight actor is fitted to: half by the policy, half",
        "by its actor on the expert's imagination (default: ${DEFAULT-VALUE})."
      })
  private int lessons;

  @Option(
      names = "--steps",
      defaultValue = "1500",
      description = "Training steps of the hindsight actor (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--from-episodes",
      paramLabel = "DIR",
      description = "A folder of the policy's episodes, or one.")
  private @Nullable Path recorded;

  @Override
  public Integer call() {
    Robot robot = House.robot(ROBOT);
    Path from = recorded;
    output.write(from == null ? crossed(robot) : agreement(robot, from));
    return 0;
  }

  private Map<String, Object> crossed(Robot robot) {
    Task task = task(robot);
    Gap gap = asked.gap();
    Path work = workFolder();
    try {
      Crossing crossing =
          new Crossing(robot, bundle, task, gap, asked.seed(), work, System.out::println);
      List<Cell> cells =
          crossing.cells(TaskOptions.episodes(episodes), TaskOptions.episodes(lessons), steps);
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("bundle", bundle);
      report.put("task", task.label());
      report.put("gap", asked.gapName());
      report.put("seed", asked.seed());
      report.put("episodes", episodes);
      report.put("cells", cells.stream().map(cell -> json(cell, task)).toList());
      if (cells.stream().anyMatch(Cell::adapted)) {
        Map<String, Object> parts = new LinkedHashMap<>();
        crossing.parts(episodes).forEach((name, cell) -> parts.put(name, json(cell, task)));
        report.put("gap_parts", parts);
      }
      String verdict = new Verdict(cells, task.stages()).text();
      System.out.println(verdict);
      report.put("verdict", verdict);
      return report;
    } finally {
      remove(work);
    }
  }

  private Map<String, Object> agreement(Robot robot, Path from) {
    try (BundlePolicy policy = BundlePolicy.load(House.bundle(bundle), robot)) {
      Agreement agreement = new Agreement(policy);
      for (Path file : EpisodeReader.files(from)) {
        try {
          agreement.add(EpisodeReader.read(file, robot));
        } catch (RuntimeFault e) {
          System.out.println("skipped: " + e.getMessage());
        }
      }
      System.out.println(agreement.text());
      return agreement.toJson();
    }
  }

  private Task task(Robot robot) {
    try (Mind mind = Mind.of(House.bundle(bundle), robot)) {
      Task task = asked.taskOf(mind);
      if (!task.label().equals(mind.task())) {
        throw new LaunchFailure(
            "diagnose: bundle %s was made for task '%s', found --task %s; leave it out"
                .formatted(bundle, mind.task(), task.label()));
      }
      return task;
    }
  }

  private static Map<String, Object> json(Cell cell, Task task) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("world_model", cell.oracle() ? "expert" : "own");
    json.put("actor", cell.hindsight() ? "hindsight" : "own");
    json.put("adapted", cell.adapted());
    json.put("success", cell.success().toJson());
    Map<String, Object> stages = new LinkedHashMap<>();
    for (int stage = 0; stage < task.stages().size(); stage++) {
      stages.put(task.stages().get(stage), cell.reached(stage + 1).toJson());
    }
    json.put("stages", stages);
    return json;
  }

  private static Path workFolder() {
    try {
      return Files.createTempDirectory("forearm-diagnose");
    } catch (IOException e) {
      throw new LaunchFailure(
          "diagnose: no temporary folder (%s); set java.io.tmpdir to one with room".formatted(e),
          e);
    }
  }

  private static void remove(Path folder) {
    try {
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      System.out.printf("diagnose: %s cannot be removed (%s); remove it by hand%n", folder, e);
    }
  }
}
