package dev.forearm.launch.demo;

import dev.forearm.launch.DrivingOptions;
import dev.forearm.launch.ForesightOption;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.LiveLine;
import dev.forearm.launch.Output;
import dev.forearm.launch.ProviderOptions;
import dev.forearm.launch.StopSignal;
import dev.forearm.launch.TaskOptions;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.swap.Policies;
import dev.forearm.launch.swap.SwapOptions;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Show the whole: a simulated arm in its own process, the runtime in this one, ROS 2 topics",
      "over DDS on the loopback interface between them.",
      "Exits 0 if every episode was played to its end and recorded whole, and one succeeded at",
      "least, or if the window was closed."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String ROBOT = "tabletop";

  @Mixin private Output output;
  @Mixin private TaskOptions asked;
  @Mixin private DrivingOptions driving;
  @Mixin private ForesightOption foresight;
  @Mixin private ProviderOptions providers;
  @Mixin private SwapOptions swaps;

  @Option(names = "--headless", description = "No window, as where there is no DISPLAY.")
  private boolean headless;

  @Option(
      names = "--screenshot",
      hidden = true,
      description = "Write the window to this PNG file every second.")
  private @Nullable Path screenshot;

  @Option(names = "--bundle", description = "Policy bundle, or expert (default: TASK-sft).")
  private @Nullable String bundle;

  @Option(
      names = "--episodes",
      defaultValue = "3",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(names = "--seconds", description = "Stop after this long, whatever is left to play.")
  private @Nullable Double seconds;

  @Option(
      names = "--out",
      defaultValue = "episodes",
      description = "Folder for the episode files (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Override
  public Integer call() {
    LiveLine line = new LiveLine(Output.isTerminal());
    Robot robot = driving.of(House.robot(ROBOT));
    int wanted = TaskOptions.episodes(episodes);
    asked.gap(); // the simulator reads it again, in its own process
    makeFolder();
    long limitNanos = seconds == null ? Long.MAX_VALUE : Math.round(seconds * 1e9);
    String named = bundle == null ? asked.task().label() + "-sft" : bundle;
    try (StopSignal stop = new StopSignal();
        Policies policies =
            swaps
                .policies(bundle, place -> ready(loaded(place.toString(), robot), robot, line))
                .orElse(null);
        Mind mind = policies == null ? ready(loaded(named, robot), robot, line) : policies.first();
        Demo demo =
            new Demo(
                robot,
                mind,
                policies,
                asked.taskOf(mind).label(),
                asked.gapName(),
                out,
                line,
                stop)) {
      if (!headless && System.getenv("DISPLAY") != null) {
        demo.openViewer(Optional.ofNullable(screenshot));
      }
      List<EpisodeResult> results = demo.play(wanted, asked.seed(), limitNanos);
      System.out.println(demo.summary());
      output.write(demo.report());
      if (!demo.sound()) {
        return 1;
      }
      if (demo.dismissed()) {
        return 0;
      }
      boolean played = seconds != null || results.size() == wanted;
      boolean recorded =
          results.stream().allMatch(r -> r.recording().filter(EpisodeReport::complete).isPresent());
      return played && recorded && results.stream().anyMatch(EpisodeResult::success) ? 0 : 1;
    }
  }

  private Mind loaded(String named, Robot robot) {
    return Mind.named(named, robot, asked.task(), providers.choice());
  }

  private Mind ready(Mind mind, Robot robot, LiveLine line) {
    return driving.of(foresight.of(providers.told(mind, line::say)), robot);
  }

  private void makeFolder() {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new LaunchFailure(
          "folder %s for the episodes cannot be made (%s); name another with --out"
              .formatted(out, e),
          e);
    }
  }
}
