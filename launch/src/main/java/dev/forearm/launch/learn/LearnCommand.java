package dev.forearm.launch.learn;

import dev.forearm.launch.GivesWay;
import dev.forearm.launch.House;
import dev.forearm.launch.Output;
import dev.forearm.launch.StopSignal;
import dev.forearm.launch.train.PaceOptions;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.LabelEvidence;
import dev.forearm.models.train.Pace;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm learn}. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Improve both halves of a policy from what it lived through. What comes out are candidates;",
      "'forearm promote' decides which of them drives.",
      "Killed and started again with the same options it goes on and gives the same candidates."
    })
public final class LearnCommand implements Callable<Integer>, GivesWay {
  private static final int POLL_MILLIS = 1000;

  @Mixin private Output output;

  @Option(names = "--bundle", required = true, description = "The policy to begin with.")
  private String bundle;

  @ArgGroup(multiplicity = "1")
  private From from = new From();

  /** Where experience comes from. */
  static final class From {
    @Option(names = "--interact", description = "Play in the simulator, iteration by iteration.")
    private boolean interact;

    @Option(
        names = "--from-episodes",
        paramLabel = "DIR",
        description = "Learn once from episodes that the policy was recorded in.")
    private @Nullable Path episodes;

    @Option(
        names = "--follow",
        paramLabel = "DIR",
        description = "Watch a runtime's folder of episodes and learn while it works.")
    private @Nullable Path follow;
  }

  @Option(
      names = "--demonstrations",
      arity = "1..*",
      paramLabel = "DIR",
      description = "Folders of demonstrations; without them what is not practised is forgotten.")
  private List<Path> demonstrations = List.of();

  @Option(
      names = "--method",
      defaultValue = "actor-only",
      description = {Method.NAMES + ", or a YAML file", "(default: ${DEFAULT-VALUE})."})
  private String methodName;

  @Option(
      names = "--work",
      required = true,
      paramLabel = "DIR",
      description = "The learner's own folder: where it stands, what it played, its candidates.")
  private Path work;

  @Option(names = "--robot", defaultValue = "tabletop", description = "The robot it drives.")
  private String robotName;

  @Option(names = "--gap", defaultValue = "none", description = "Of the simulated robot.")
  private String gap;

  @Option(
      names = "--iterations",
      defaultValue = "8",
      description = "Of --interact and --follow (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--every",
      defaultValue = "20",
      paramLabel = "EPISODES",
      description = "New episodes that --follow waits for (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything random.")
  private long seed;

  @Mixin private PaceOptions paceOptions;

  @Override
  public Integer call() {
    Robot robot = House.robot(robotName);
    Method method = Method.named(methodName);
    Pace pace = paceOptions.pace();
    Path folder = from.follow != null ? from.follow : from.episodes;
    Map<String, Object> report =
        from.interact || folder == null
            ? interact(robot, method, pace)
            : learnFrom(folder, robot, method, pace);
    report.forEach((key, value) -> System.out.printf("%-12s %s%n", key, value));
    output.write(report);
    return 0;
  }

  private Map<String, Object> interact(Robot robot, Method method, Pace pace) {
    Path first = House.bundle(bundle);
    Task task;
    try (Bundle parent = BundleReader.read(first, Trust.anyone())) {
      task = Task.named(parent.manifest().task());
    }
    Practice practice = Practice.of(method, robot, task, House.gap(gap));
    Learner learner =
        new Learner(work, method, practice, first, demonstrations, seed, pace, System.out::println);
    learner.learn(iterations);
    Map<String, Object> report = new LinkedHashMap<>(learner.state().json());
    report.put("candidate", learner.incumbent().toString());
    return report;
  }

  /** Once from all there is, or again and again as episodes come. */
  private Map<String, Object> learnFrom(Path folder, Robot robot, Method method, Pace pace) {
    Map<String, Object> report = new LinkedHashMap<>();
    LearnerState state = LearnerState.open(work, method, House.bundle(bundle), seed);
    try (Bundle parent = BundleReader.read(House.bundle(bundle), Trust.anyone());
        StopSignal stop = new StopSignal()) {
      Lessons lessons =
          new Lessons(robot, parent.manifest(), method.learner(), System.err::println);
      lessons.demonstrations(demonstrations);
      int shown = lessons.episodes();
      for (int iteration = 1; iteration <= (from.follow == null ? 1 : iterations); iteration++) {
        if (from.follow != null && !awaitEpisodes(folder, iteration * every, stop)) {
          break;
        }
        lessons.experience(folder);
        LabelEvidence labels = lessons.labels();
        if (labels.verdict() == LabelEvidence.Verdict.NO_INFORMATION) {
          System.out.println(
              "labels carry no information about what was recorded, and 'forearm promote' will refuse what is learned from them: "
                  + labels.words());
        }
        Path candidate = work.resolve(String.format(Locale.ROOT, "candidates/%04d", iteration));
        Path unfinished = work.resolve(String.format(Locale.ROOT, "unfinished/%04d", iteration));
        if (Files.exists(candidate)) {
          System.out.println(candidate + " is there already and kept");
        } else {
          Map<String, String> madeBy = new LinkedHashMap<>(labels.madeBy());
          madeBy.put("command", "forearm learn");
          madeBy.put("from", folder.toString());
          try (Progress progress = new Progress(work, iteration)) {
            new CandidateMaker(method, robot, lessons, pace, progress::trained)
                .make(parent, parent, seed + iteration, unfinished, candidate, madeBy);
          }
        }
        Learner.remove(unfinished);
        if (state.iterations() < iteration) {
          Map<String, Object> brought = new LinkedHashMap<>(Map.of("iteration", iteration));
          brought.putAll(lessons.brought());
          state = state.after(0, brought);
          state.write(work, System.out::println);
        }
        report.put("labels", labels.verdict().name().toLowerCase(Locale.ROOT));
        report.put("demonstrations", shown);
        report.put("episodes", lessons.episodes() - shown);
        report.put("candidate", candidate.toString());
        System.out.println("candidate " + candidate);
      }
    }
    return report;
  }

  /** Whether so many episodes are there; false if the command is to end. */
  private static boolean awaitEpisodes(Path folder, int wanted, StopSignal stop) {
    while (!stop.wanted()) {
      try {
        if (EpisodeReader.files(folder).stream()
                .filter(f -> !f.toString().endsWith(".open"))
                .count()
            >= wanted) {
          return true;
        }
      } catch (RuntimeFault notYet) {
        // the runtime has recorded nothing so far
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }
}
