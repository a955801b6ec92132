package dev.forearm.launch;

import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.Grasps;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.policy.Placement;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
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

/** {@code forearm evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Play episodes in lockstep in this process, as fast as it goes, and count successes.",
      "Equal seeds give equal commands: compare trace_sha256.",
      "Exits 0 when all episodes were played, however many succeeded."
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String ROBOT = "tabletop";

  @Mixin private Output output;
  @Mixin private TaskOptions asked;
  @Mixin private LearnerOptions learner;
  @Mixin private DrivingOptions driving;
  @Mixin private ForesightOption foresight;
  @Mixin private ProviderOptions providers;

  @Option(
      names = "--bundle",
      required = true,
      description = "Policy bundle, the name of one that comes with Forearm, or expert.")
  private String bundle;

  @Option(
      names = "--episodes",
      defaultValue = "20",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(
      names = "--oracle",
      description = "The scripted expert imagines in the place of the bundle's world model.")
  private boolean oracle;

  @Option(names = "--out", description = "Record the episodes into this folder.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    Robot robot = driving.of(House.robot(ROBOT));
    EpisodeHooks hooks = learner.hooks(0);
    try (Mind mind =
        learner.practising(driving.of(foresight.of(mind(robot)), robot), robot, asked.seed())) {
      Task wanted = asked.taskOf(mind);
      SimSettings settings = SimSettings.of(asked.gap());
      try (LockstepRun run =
          new LockstepRun(robot, mind, wanted.label(), settings, Optional.ofNullable(out))) {
        List<EpisodeResult> results;
        try (EpisodeProgress progress = new EpisodeProgress(wanted.label(), episodes)) {
          results = run.play(TaskOptions.episodes(episodes), asked.seed(), hooks, progress::played);
        }
        Map<String, Object> report = report(mind, wanted, results, run);
        report.forEach((key, value) -> System.out.printf("%-16s %s%n", key, value));
        output.write(report);
      }
    }
    return 0;
  }

  private Mind mind(Robot robot) {
    Mind mind =
        oracle
            ? Mind.foreseen(bundle, robot, providers.choice())
            : Mind.named(bundle, robot, asked.task(), providers.choice());
    return providers.told(mind, System.out::println);
  }

  private Map<String, Object> report(
      Mind mind, Task wanted, List<EpisodeResult> results, LockstepRun run) {
    long successes = results.stream().filter(EpisodeResult::success).count();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("bundle", mind.name());
    report.put("bundle_sha256", mind.sha256());
    report.put("providers", mind.placements().stream().map(Placement::place).toList());
    report.put("task", wanted.label());
    report.put("gap", asked.gapName());
    report.put("seed", asked.seed());
    report.put("episodes", results.size());
    report.put("successes", successes);
    report.put("success_rate", results.isEmpty() ? null : (double) successes / results.size());
    report.put("given_up", results.stream().filter(EpisodeResult::gaveUp).count());
    report.put("stages", stages(wanted, results));
    report.put("grasps", Grasps.report(wanted, results));
    report.put("policy_steps", run.inference().steps());
    report.put("refused_chunks", run.inference().refusals());
    report.put("realtime_factor", run.realtimeFactor());
    report.put("trace_sha256", run.traceSha256());
    return report;
  }

  /** How many episodes got each stage done. */
  private static Map<String, Long> stages(Task task, List<EpisodeResult> results) {
    Map<String, Long> reached = new LinkedHashMap<>();
    for (int stage = 0; stage < task.stages().size(); stage++) {
      int done = stage + 1;
      reached.put(
          task.stages().get(stage), results.stream().filter(r -> r.stage() >= done).count());
    }
    return reached;
  }
}
