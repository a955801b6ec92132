package dev.forearm.launch.learn;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.learn.Improvement;
import dev.forearm.models.learn.LabelEvidence;
import dev.forearm.models.learn.LearnerSettings;
import dev.forearm.models.learn.Outlook;
import dev.forearm.models.learn.Rollout;
import dev.forearm.models.retrieval.Relabelling;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** All that a learner has to learn from, read once. An odd episode is reported and left out. */
final class Lessons {
  private final Robot robot;
  private final Manifest manifest;
  private final LearnerSettings settings;
  private final Consumer<String> report;
  private final Reservoir<PlanSample> demonstrated = new Reservoir<>(1);
  private final Reservoir<PlanSample> aimed = new Reservoir<>(2);
  private final Reservoir<PlanSample> done = new Reservoir<>(3);
  private final List<Rollout> rollouts = new ArrayList<>();
  private final Reservoir<Outlook> outlooks = new Reservoir<>(4);
  private final List<RecordedPlans> demonstrations = new ArrayList<>();
  private final Set<Path> read = new HashSet<>();
  private final LabelEvidence.Gatherer labels = new LabelEvidence.Gatherer();
  private Optional<Relabelling> relabelling = Optional.empty(); // by the demonstrations
  private int episodes;
  private int own;
  private int successes;
  private long stages;

  /**
   * At most so many samples as memory bears, each of those there were as likely as any other
   * (Vitter's algorithm R, 1985).
   */
  private static final class Reservoir<T> {
    private static final int MOST = 150_000; // of two kilobytes each

    private final List<T> kept = new ArrayList<>();
    private final SplittableRandom random;
    private long offered;

    Reservoir(long seed) {
      random = new SplittableRandom(seed);
    }

    void addAll(List<T> samples) {
      for (T sample : samples) {
        offered++;
        if (kept.size() < MOST) {
          kept.add(sample);
        } else {
          long place = random.nextLong(offered);
          if (place < MOST) {
            kept.set((int) place, sample);
          }
        }
      }
    }
  }

  /**
   * @param report told in a line of each episode that is left out, and why
   */
  Lessons(Robot robot, Manifest manifest, LearnerSettings settings, Consumer<String> report) {
    this.robot = robot;
    this.manifest = manifest;
    this.settings = settings;
    this.report = report;
  }

  /**
   * Adds demonstrations: what no policy did in episodes that succeeded. Once, before own episodes.
   *
   * @throws ModelsFault if own steps are to be relabelled and nothing is demonstrated
   */
  void demonstrations(List<Path> places) {
    for (Path place : places) {
      each(
          place,
          episode -> {
            if (episode.succeeded()) {
              demonstrated.addAll(shown(episode));
              demonstrations.add(episode);
            }
          });
    }
    if (settings.relabelEvery() > 0) {
      relabelling = Optional.of(new Relabelling(manifest.spec(), robot, demonstrations));
    }
  }

  /** Adds own episodes, and in them what somebody else showed. */
  void experience(Path place) {
    rollouts.clear(); // a policy gradient learns from its own alone
    each(
        place,
        episode -> {
          aimed.addAll(settings.experience().aimed(manifest.spec(), episode));
          done.addAll(settings.experience().done(manifest.spec(), episode));
          settings
              .policyGradient()
              .ifPresent(_ -> rollouts.add(Rollout.of(manifest.spec(), episode)));
          settings
              .choice()
              .ifPresent(choice ->
                  outlooks.addAll(Outlook.of(manifest.spec(), episode, choice.discount())));
          demonstrated.addAll(shown(episode));
          relabelling.ifPresent(
              told -> demonstrated.addAll(told.of(episode, settings.relabelEvery())));
          labels.add(episode);
          own++;
          successes += episode.succeeded() ? 1 : 0;
          stages += episode.stages().isEmpty() ? 0 : episode.stages().lastEntry().getValue();
        });
  }

  /** What the labels of own episodes are worth. */
  LabelEvidence labels() {
    return labels.evidence();
  }

  /** How the own episodes so far went, for people and plots. */
  Map<String, Object> brought() {
    Map<String, Object> brought = new LinkedHashMap<>();
    brought.put("episodes", own);
    brought.put("successes", successes);
    brought.put("mean_stage", own == 0 ? 0 : (double) stages / own);
    return brought;
  }

  private List<PlanSample> shown(RecordedPlans episode) {
    return PlanSample.of(
        manifest.spec(),
        episode,
        driver ->
            switch (driver) {
              case Driver.Expert _, Driver.Human _, Driver.Retrieval _, Driver.Unknown _ -> true;
              case Driver.Learned _, Driver.Recovery _, Driver.Nobody _ -> false;
            });
  }

  private void each(Path place, Consumer<RecordedPlans> taker) {
    for (Path file : EpisodeReader.files(place)) {
      if (!read.add(file.toAbsolutePath())) {
        continue;
      }
      try {
        RecordedPlans episode = EpisodeReader.read(file, robot);
        if (episode.task().equals(manifest.task())) {
          taker.accept(episode);
          episodes++;
        } else {
          report.accept(
              "left out %s: it is of task '%s', wanted '%s'"
                  .formatted(file, episode.task(), manifest.task()));
        }
      } catch (RuntimeFault | ModelsFault e) {
        report.accept("left out: " + e.getMessage());
      }
    }
  }

  /** Episodes read so far, those that were left out not counted. */
  int episodes() {
    return episodes;
  }

  /** The demonstrations that succeeded, whole. */
  List<RecordedPlans> demonstrations() {
    return List.copyOf(demonstrations);
  }

  Improvement.Samples samples() {
    return new Improvement.Samples(demonstrated.kept, aimed.kept, done.kept, rollouts);
  }

  /** What own steps led to, where a policy is to learn to choose. */
  List<Outlook> outlooks() {
    return outlooks.kept;
  }
}
