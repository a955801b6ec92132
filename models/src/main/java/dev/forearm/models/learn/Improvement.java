package dev.forearm.models.learn;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.samples.ImaginedFutures;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.models.samples.SampleRows;
import dev.forearm.models.train.CheckpointStore;
import dev.forearm.models.train.DataSource;
import dev.forearm.models.train.Pace;
import dev.forearm.models.train.Trainee;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Trains both halves of a bundle on demonstrations and on own experience, and writes the candidate:
 * first the world model, then the actor on what followed and on what the new world model imagines.
 * Killed and started again with the same samples, it goes on from its newest checkpoint and gives
 * the same candidate, bit by bit on a CPU.
 */
public final class Improvement {
  private static final double DELTA = 0.1; // in standard deviations, as the exporter
  private static final int SAVE_EVERY = 1000;

  /** Of a source, copies included, as far as its samples allow: each takes some two kilobytes. */
  private static final int MOST_ROWS = 150_000;

  private final LearnerSettings settings;
  private final Pace pace;
  private final long seed;
  private final TrainingListener listener;

  /**
   * @param seed of everything random
   * @param listener told of each step
   */
  public Improvement(LearnerSettings settings, Pace pace, long seed, TrainingListener listener) {
    this.settings = settings;
    this.pace = pace;
    this.seed = seed;
    this.listener = listener;
  }

  /**
   * Samples to learn from.
   *
   * @param demonstrations by whoever knows how
   * @param aimed own, for the world model
   * @param done own, for the actor
   * @param rollouts of the policy that played last, for a policy gradient
   */
  public record Samples(
      List<PlanSample> demonstrations,
      List<PlanSample> aimed,
      List<PlanSample> done,
      List<Rollout> rollouts) {
    public Samples {
      demonstrations = List.copyOf(demonstrations);
      aimed = List.copyOf(aimed);
      done = List.copyOf(done);
      rollouts = List.copyOf(rollouts);
    }
  }

  /**
   * Trains.
   *
   * @param parent whose weights it begins with and whose graphs and statistics it keeps
   * @param player who played last; a policy gradient begins with its actor
   * @param straying how widely it strayed
   * @param work folder for what is unfinished
   * @param candidate where the new bundle is written, complete or not at all
   * @param madeBy how, for people
   * @throws dev.forearm.models.ModelsFault if the training fails or the bundle cannot be written
   */
  public void improve(
      Bundle parent,
      Bundle player,
      Straying straying,
      Samples samples,
      Path work,
      Path candidate,
      Map<String, String> madeBy) {
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    Map<String, String> made = new LinkedHashMap<>(madeBy);
    if (settings.worldModel().learns()) {
      train(parent, Half.WORLD_MODEL, futures(parent, samples), work, weights);
    }
    if (settings.actor().learns() && settings.policyGradient().isPresent()) {
      PolicyGradient.Outcome learned =
          new PolicyGradient(
                  settings.policyGradient().get(), settings.actor(), pace, seed, listener)
              .train(player, straying, samples.rollouts(), work.resolve("policy"));
      weights.putAll(learned.weights());
      made.putAll(learned.straying().madeBy());
      made.put("policy_gradient", learned.ended());
    } else if (settings.actor().learns()) {
      Path dreaming = work.resolve("world-model");
      if (!Files.exists(dreaming)) {
        BundleWriter.write(parent, weights, dreaming, Map.of());
      }
      try (Bundle imagining = BundleReader.read(dreaming, Trust.anyone())) {
        train(parent, Half.ACTOR, deeds(imagining, samples), work, weights);
      }
    }
    BundleWriter.write(parent, weights, candidate, made);
  }

  private void train(
      Bundle parent,
      Half half,
      List<DataSource> sources,
      Path work,
      Map<String, HostTensor> weights) {
    HalfSettings how = half == Half.WORLD_MODEL ? settings.worldModel() : settings.actor();
    Trainee trainee = Trainee.of(parent, half);
    CheckpointStore store =
        new CheckpointStore(work.resolve(half.name().toLowerCase(Locale.ROOT)), 1);
    Loss loss =
        half == Half.WORLD_MODEL && settings.anchor() > 0
            ? new Loss.AnchoredHuber(DELTA, settings.anchor())
            : new Loss.Huber(DELTA);
    try (Trainer trainer =
        trainee.open(OrtRuntime.shared(), loss, List.of(), sources, how.training(seed))) {
      TrainingRun run = new TrainingRun(trainer, Optional.of(store), SAVE_EVERY, pace);
      var _ = run.resume();
      var _ = run.run(how.steps(), step -> listener.stepped(half, how.steps(), step));
      weights.putAll(trainee.weights(trainer.average().orElseGet(trainer::weights)));
    }
  }

  private List<DataSource> futures(Bundle parent, Samples samples) {
    SampleRows rows = new SampleRows(parent.manifest(), parent.statistics());
    ObservationNoise noise = new ObservationNoise(parent.manifest(), settings.noise());
    double shown = shownShare(samples.demonstrations(), samples.aimed());
    List<DataSource> sources = new ArrayList<>();
    add(
        sources,
        "demonstrations",
        shown,
        () -> anchored(parent, rows, around(noise, samples.demonstrations(), 0)));
    add(
        sources,
        "experience",
        1 - shown,
        () -> anchored(parent, rows, around(noise, samples.aimed(), 1)));
    return sources;
  }

  /** A world model's rows, and where it is held, what it imagined before it learned. */
  private Map<String, HostTensor> anchored(
      Bundle parent, SampleRows rows, List<PlanSample> samples) {
    Map<String, HostTensor> all = new LinkedHashMap<>(rows.of(Half.WORLD_MODEL, samples));
    if (settings.anchor() > 0) {
      HostTensor seen = Objects.requireNonNull(all.get("observation"));
      all.put("anchor", ImaginedFutures.of(parent, seen));
    }
    return all;
  }

  /**
   * What is imagined is not what an own command led to, so it goes with demonstrated ones alone.
   */
  private List<DataSource> deeds(Bundle imagining, Samples samples) {
    SampleRows rows = new SampleRows(imagining.manifest(), imagining.statistics());
    ObservationNoise noise = new ObservationNoise(imagining.manifest(), settings.noise());
    double shown = shownShare(samples.demonstrations(), samples.done());
    double imagined = shown * settings.imaginedShare();
    List<PlanSample> demonstrated = around(noise, samples.demonstrations(), 2);
    List<DataSource> sources = new ArrayList<>();
    add(sources, "demonstrations", shown - imagined, () -> rows.of(Half.ACTOR, demonstrated));
    add(
        sources,
        "demonstrations, imagined",
        imagined,
        () -> rows.imaginedBy(imagining, demonstrated));
    add(
        sources,
        "experience",
        1 - shown,
        () -> rows.of(Half.ACTOR, around(noise, samples.done(), 3)));
    return sources;
  }

  private double shownShare(List<PlanSample> demonstrated, List<PlanSample> own) {
    if (demonstrated.isEmpty() && own.isEmpty()) {
      throw new ModelsFault(
          "learn: found no sample to learn from, neither demonstrated nor own; record episodes that reach a stage, or add demonstrations");
    }
    return own.isEmpty() ? 1 : demonstrated.isEmpty() ? 0 : settings.demonstrationShare();
  }

  private List<PlanSample> around(ObservationNoise noise, List<PlanSample> samples, int set) {
    int copies = Math.clamp(MOST_ROWS / Math.max(1, samples.size()), 1, settings.copies());
    return noise.around(samples, copies, 4 * seed + set);
  }

  private static void add(
      List<DataSource> sources, String name, double share, Supplier<Map<String, HostTensor>> rows) {
    if (share > 0) {
      sources.add(new DataSource(name, rows.get(), share));
    }
  }
}
