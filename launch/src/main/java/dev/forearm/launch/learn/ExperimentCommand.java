package dev.forearm.launch.learn;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.report.JsonFile;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm experiment}. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Run the cells of the wam-rl experiment: arms by tasks by gaps by seeds. Cells that are done",
      "are kept, one that was killed goes on; name arm, task, gap or seed to run some of them.",
      "Then writes the table."
    })
public final class ExperimentCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(description = "wam-rl", paramLabel = "NAME")
  private String name = "";

  @Option(
      names = "--arm",
      split = ", *",
      splitSynopsisLabel = ",",
      defaultValue = Method.NAMES,
      description = "Methods (default: ${DEFAULT-VALUE}).")
  private List<String> arms = List.of();

  @Option(
      names = "--task",
      split = ",",
      defaultValue = "lift,tidy",
      description = "Tasks (default: ${DEFAULT-VALUE}).")
  private List<String> tasks = List.of();

  @Option(
      names = "--gap",
      split = ",",
      defaultValue = "none,servo,coverage,half,default",
      description = "Gaps by name or file (default: ${DEFAULT-VALUE}).")
  private List<String> gaps = List.of();

  @Option(names = "--seed", split = ",", description = "Seeds of the learner (default: 1 to 5).")
  private long @Nullable [] seeds;

  @Option(
      names = "--iterations",
      defaultValue = "16",
      description = "Of 64 episodes (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--episodes",
      defaultValue = "200",
      description = "Evaluated at the end (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(
      names = "--evaluation-seed",
      defaultValue = "9001",
      description = "Of the held-out starts, the same for all cells (default: ${DEFAULT-VALUE}).")
  private long evaluationSeed;

  @Option(
      names = "--demonstrations",
      required = true,
      paramLabel = "DIR",
      description = "A folder TASK for each task, of folders of demonstrations.")
  private Path demonstrations;

  @Option(names = "--work", required = true, paramLabel = "DIR", description = "For the learners.")
  private Path work;

  @Option(
      names = "--rows",
      required = true,
      paramLabel = "DIR",
      description = {
        "For a JSON file of each cell that is done, and for the table. A cell whose row is there is",
        "not run again; a row of another size is refused."
      })
  private Path rows;

  @Option(
      names = "--cells",
      paramLabel = "I/N",
      defaultValue = "1/1",
      description = "Only every Nth cell, from the Ith: so that several machines share the table.")
  private String part;

  @Override
  public Integer call() {
    if (!name.equals("wam-rl")) {
      throw new LaunchFailure("experiment '%s': there is only wam-rl".formatted(name));
    }
    ExperimentCell.Size size = new ExperimentCell.Size(iterations, episodes, evaluationSeed);
    try {
      Files.createDirectories(rows);
      for (ExperimentCell cell : mine(cells())) {
        Path row = rows.resolve(cell.name() + ".json");
        if (Files.exists(row)) {
          cell.requireOf(size, row);
        } else {
          Map<String, Object> found = cell.run(size, demonstrations(cell.task()), work);
          JsonFile.write(row, found);
          System.out.printf(
              "%s: %s of %s%n", cell.name(), found.get("successes"), found.get("episodes"));
        }
      }
      List<Map<String, Object>> all = read();
      Files.writeString(rows.resolve("table.md"), new ExperimentTable(all).markdown());
      output.write(Map.of("rows", all));
    } catch (IOException e) {
      throw new UncheckedIOException("experiment: " + rows + ": " + e, e);
    }
    return 0;
  }

  private List<ExperimentCell> cells() {
    List<ExperimentCell> cells = new ArrayList<>();
    for (String task : tasks) {
      for (String gap : gaps) {
        for (String arm : arms) {
          for (long seed : seeds == null ? LongStream.rangeClosed(1, 5).toArray() : seeds) {
            cells.add(new ExperimentCell(arm, Task.named(task), gap, seed));
          }
        }
      }
    }
    return cells;
  }

  private List<ExperimentCell> mine(List<ExperimentCell> cells) {
    String[] parts = part.split("/", 2);
    try {
      int index = Integer.parseInt(parts[0]);
      int count = Integer.parseInt(parts[1]);
      if (index >= 1 && index <= count) {
        List<ExperimentCell> mine = new ArrayList<>();
        for (int i = index - 1; i < cells.size(); i += count) {
          mine.add(cells.get(i));
        }
        return mine;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // said below
    }
    throw new LaunchFailure(
        "--cells %s: wanted I/N with I from 1 to N, such as 2/8".formatted(part));
  }

  private List<Path> demonstrations(Task task) throws IOException {
    Path ofTask = demonstrations.resolve(task.label());
    if (!Files.isDirectory(ofTask)) {
      throw new LaunchFailure(
          "--demonstrations %s: no folder %s; put folders of episodes of that task there"
              .formatted(demonstrations, ofTask));
    }
    try (var folders = Files.list(ofTask)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  private List<Map<String, Object>> read() throws IOException {
    List<Map<String, Object>> found = new ArrayList<>();
    try (var files = Files.list(rows)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        found.add(LearnerState.map(Json.read(Files.readString(file))));
      }
    }
    return found;
  }
}
