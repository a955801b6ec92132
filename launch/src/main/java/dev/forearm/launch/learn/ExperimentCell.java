package dev.forearm.launch.learn;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.Grasps;
import dev.forearm.launch.train.ProcessCost;
import dev.forearm.models.learn.HalfSettings;
import dev.forearm.models.train.Pace;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One cell of the experiment: a method on a task under a gap, from one seed. Its row is a function
 * of these, of the sizes and of the demonstrations.
 *
 * @param arm the method's name
 * @param task with the bundle {@code TASK-sft} to begin with
 * @param gap by name
 * @param seed of the learner
 */
record ExperimentCell(String arm, Task task, String gap, long seed) {
  /**
   * How large every cell is.
   *
   * @param iterations of the learner
   * @param evaluated episodes on held-out starts
   * @param evaluationSeed of these starts, the same for every cell
   */
  record Size(int iterations, int evaluated, long evaluationSeed) {}

  /** For files. */
  String name() {
    return "%s-%s-%s-%s".formatted(arm, task.label(), gap, seed);
  }

  /**
   * Learns and evaluates; goes on where it was killed.
   *
   * @param demonstrations folders of the task's
   * @return the row
   * @throws LaunchFailure if {@code work} has learned for longer than that
   */
  Map<String, Object> run(Size size, List<Path> demonstrations, Path work) {
    double began = ProcessCost.cpuMillis();
    Robot robot = House.robot("tabletop");
    Method method = Method.named(arm);
    Practice practice = Practice.of(method, robot, task, House.gap(gap));
    Path first = House.bundle(task.label() + "-sft");
    Learner learner =
        new Learner(
            work.resolve(name()),
            method,
            practice,
            first,
            demonstrations,
            seed,
            new Pace(1),
            line -> System.out.println(name() + ": " + line));
    int iterations = iterations(method, size);
    if (learner.state().iterations() > iterations) {
      throw new LaunchFailure(
          "%s: its learner in %s has learned for %s iterations, wanted at most %s; name another --work"
              .formatted(name(), work, learner.state().iterations(), iterations));
    }
    learner.learn(iterations);
    double learned = ProcessCost.cpuMillis();
    List<EpisodeResult> results =
        learner
            .practice()
            .play(learner.incumbent(), 0, size.evaluated(), size.evaluationSeed(), _ -> {});
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("arm", arm);
    row.put("task", task.label());
    row.put("gap", gap);
    row.put("seed", seed);
    row.putAll(budget(method, size));
    row.put("incumbent_iteration", learner.state().incumbent());
    row.put("iterations", learner.state().brought());
    row.put("successes", results.stream().filter(EpisodeResult::success).count());
    row.put("episodes", results.size());
    row.put("stage", results.stream().map(EpisodeResult::stage).toList());
    row.put("success", results.stream().map(EpisodeResult::success).toList());
    row.put("grasps", Grasps.report(task, results));
    row.put("learning_cpu_s", (learned - began) / 1e3);
    row.put("evaluation_cpu_s", (ProcessCost.cpuMillis() - learned) / 1e3);
    return row;
  }

  /**
   * Refuses a row of this cell that was made in another size.
   *
   * @throws LaunchFailure naming what differs
   */
  void requireOf(Size size, Path row) throws IOException {
    Map<String, Object> found = LearnerState.map(Json.read(Files.readString(row)));
    Map<String, Object> wanted = budget(Method.named(arm), size);
    wanted.put("episodes", size.evaluated());
    wanted.forEach((key, value) -> {
      if (!String.valueOf(value).equals(String.valueOf(found.get(key)))) {
        throw new LaunchFailure(
            "row %s: found %s %s, wanted %s; name another --rows"
                .formatted(row, key, found.get(key), value));
      }
    });
  }

  private static Map<String, Object> budget(Method method, Size size) {
    int iterations = iterations(method, size);
    Map<String, Object> budget = new LinkedHashMap<>();
    budget.put("evaluation_seed", size.evaluationSeed());
    budget.put("interaction_episodes", iterations * method.practice().episodes());
    budget.put(
        "gradient_steps",
        iterations * (steps(method.learner().worldModel()) + steps(method.learner().actor())));
    return budget;
  }

  private static int iterations(Method method, Size size) {
    return method.learns() ? size.iterations() : 0;
  }

  private static int steps(HalfSettings half) {
    return half.learns() ? half.steps() : 0;
  }
}
