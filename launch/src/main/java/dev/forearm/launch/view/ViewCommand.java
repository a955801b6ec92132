package dev.forearm.launch.view;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.StopSignal;
import dev.forearm.launch.learn.WatchedLearner;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.SwayPolicy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.expert.Expert;
import dev.forearm.sim.task.Task;
import dev.forearm.viewer.EpisodeViewer;
import dev.forearm.viewer.LearningViewer;
import dev.forearm.viewer.ViewedEpisode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm view}. */
@Command(
    name = "view",
    mixinStandardHelpOptions = true,
    description = {
      "Replay recorded episodes in a window: the arm and what its policy imagined, cameras, joints,",
      "safety. Keys: space plays, left and right step, page up and down skip, up and down change the",
      "speed, the mouse seeks; s, f, 1-9 label it as 'forearm label' does, z takes that back, u takes",
      "the labels away; n and p go to the next and the previous episode of a folder, q ends.",
      "Of a learner's folder, what the learner does and how its iterations went, while it learns."
    })
public final class ViewCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(
      paramLabel = "EPISODE|FOLDER",
      description = "An episode's file, a folder of them, or of 'forearm learn --work'.")
  private Path place;

  @Option(
      names = "--robot",
      description =
          "Robot file, or the name of one that comes with Forearm (default: the name that the episode has).")
  private @Nullable String robotName;

  @Option(
      names = "--bundle",
      description = {
        "Policy bundle that says what the recorded numbers mean (default: the name that the episode",
        "has). Without one, nothing imagined is shown."
      })
  private @Nullable String bundle;

  @Option(
      names = "--picture",
      paramLabel = "FILE.png",
      description = "Write one picture instead; needs no display.")
  private @Nullable Path picture;

  @Option(
      names = "--at",
      paramLabel = "SECONDS",
      description = "Of the picture, after the first observation (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Override
  public Integer call() {
    Clock clock = new MonotonicClock();
    if (WatchedLearner.isAt(place)) {
      watch(clock);
    } else {
      replay(clock);
    }
    return 0;
  }

  private void watch(Clock clock) {
    if (picture != null) {
      LearningViewer.picture(WatchedLearner.at(place), picture);
    } else {
      try (StopSignal stop = new StopSignal()) {
        LearningViewer.show(() -> WatchedLearner.at(place), clock, stop::wanted);
      }
    }
    output.write(Map.of("iterations", WatchedLearner.at(place).iterations().size()));
  }

  private void replay(Clock clock) {
    List<Path> files = EpisodeReader.files(place);
    if (picture != null) {
      EpisodeViewer.picture(known(files.getFirst()), seconds, picture, clock);
    } else {
      try (StopSignal stop = new StopSignal()) {
        EpisodeViewer.show(files, this::known, clock, stop::wanted);
      }
    }
    long labelled = files.stream().filter(file -> EpisodeLabels.read(file).isPresent()).count();
    output.write(Map.of("episodes", files.size(), "labelled", labelled));
  }

  private ViewedEpisode known(Path file) {
    Map<String, String> info = EpisodeSurvey.heading(file).info();
    Robot robot = House.robot(robotName, info);
    return new ViewedEpisode(file, robot, spec(info, robot));
  }

  private Optional<PolicySpec> spec(Map<String, String> info, Robot robot) {
    String name = bundle == null ? info.getOrDefault("bundle", "") : bundle;
    try {
      return Optional.of(
          switch (name) {
            case Mind.EXPERT -> Expert.specOf(Task.named(info.getOrDefault("task", "")), robot);
            case Mind.SWAY -> new SwayPolicy(robot).spec();
            default -> manifest(name);
          });
    } catch (LaunchFailure | ModelsFault | SimFault unknown) {
      System.err.printf(
          "what '%s' observed and imagined is not shown (%s); name its bundle with --bundle%n",
          name, unknown.getMessage());
      return Optional.empty();
    }
  }

  private static PolicySpec manifest(String name) {
    try (Bundle read = BundleReader.read(House.bundle(name), Trust.anyone())) {
      return read.manifest().spec();
    }
  }
}
