package dev.forearm.launch.diagnose;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.samples.EpisodeSamples;
import dev.forearm.models.train.DataSource;
import dev.forearm.models.train.LearningRate;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.Pace;
import dev.forearm.models.train.Trainee;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingRun;
import dev.forearm.models.train.TrainingSettings;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.JointUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bundle's actor fitted to what came about: shown the frames that followed, it is to give the
 * commands that led to them. Whatever was to be done there, it then follows what is imagined on
 * this robot.
 *
 * <p>Fingers keep what the policy planned: with something between them the frames are the same
 * whatever they are told.
 */
final class Hindsight {
  private static final Loss LOSS = new Loss.Huber(0.1);
  private static final int BATCH = 128;
  private static final double RATE = 5e-4;
  private static final int WARMUP = 30;
  private static final double AVERAGE = 0.99;

  private Hindsight() {}

  /**
   * Fits, and writes the bundle with its new actor.
   *
   * @param episodes read with their commands, whatever they ended with
   * @param servos what the actor will be adapted to: it learns wishes, not commands
   * @param folder where nothing lies yet
   */
  static void write(
      Path bundle,
      List<RecordedPlans> episodes,
      Optional<ActuatorCalibration> servos,
      int steps,
      long seed,
      Path folder) {
    try (Bundle parent = BundleReader.read(bundle, Trust.anyone())) {
      EpisodeSamples samples =
          new EpisodeSamples(parent.manifest(), parent.statistics(), _ -> true);
      for (RecordedPlans episode : episodes) {
        samples.add(executed(parent, episode, servos));
      }
      String file = parent.manifest().actor().trainFile().orElse(parent.manifest().actor().file());
      Graph graph = OnnxReader.read(bundle.resolve(file));
      Map<String, String> names = new LinkedHashMap<>(parent.manifest().parameters());
      names.keySet().retainAll(graph.initializers().keySet());
      Trainee trainee =
          Trainee.of(
              parent,
              file,
              graph,
              ParameterNames.of(names).unmerging(graph),
              TrainableSet.parse(""));
      DataSource rows = new DataSource("hindsight", samples.rows(Half.ACTOR), 1);
      try (Trainer trainer =
          trainee.open(
              OrtRuntime.shared(), LOSS, List.of(), List.of(rows), settings(steps, seed))) {
        var _ =
            new TrainingRun(trainer, Optional.empty(), Integer.MAX_VALUE, new Pace(1))
                .run(steps, _ -> {});
        BundleWriter.write(
            parent,
            trainee.weights(trainer.average().orElseGet(trainer::weights)),
            Optional.empty(),
            folder,
            Map.of("command", "forearm diagnose", "actor", "hindsight"));
      }
    }
  }

  private static TrainingSettings settings(int steps, long seed) {
    LearningRate cosine = new LearningRate.Cosine(RATE, RATE / 50, steps - WARMUP);
    return TrainingSettings.of(new Optimizer.AdamW(0.9, 0.999, 1e-8, 1e-4), RATE, BATCH)
        .withLearningRate(new LearningRate.Warmup(WARMUP, cosine))
        .withAverageDecay(AVERAGE)
        .withSeed(seed);
  }

  /** The episode as a demonstration of how to get to where it led. */
  private static RecordedPlans executed(
      Bundle bundle, RecordedPlans episode, Optional<ActuatorCalibration> servos) {
    PolicySpec spec = bundle.manifest().spec();
    int joints = spec.joints().size();
    List<JointUnit> units = bundle.manifest().jointUnits();
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    NavigableMap<Long, double[]> chunks = new TreeMap<>();
    // To the end of its horizon: past the last row an episode seems to stand still.
    for (int i = 0; i + spec.chunkSteps() < stamps.size(); i++) {
      double[] planned = episode.chunks().get(stamps.get(i));
      double[] chunk = commands(episode, stamps.subList(i + 1, i + 1 + spec.chunkSteps()), joints);
      if (planned != null && planned.length == chunk.length) {
        servos.ifPresent(known -> known.toPositions(chunk));
        for (int at = 0; at < chunk.length; at++) {
          chunk[at] = units.get(at % joints) == JointUnit.METRE ? planned[at] : chunk[at];
        }
        chunks.put(stamps.get(i), chunk);
      }
    }
    return new RecordedPlans(
        episode.source(),
        episode.info(),
        Map.of("result", EpisodeOutcome.Result.SUCCESS.name().toLowerCase(Locale.ROOT)),
        episode.observations(),
        new TreeMap<>(),
        chunks,
        episode.drivers(),
        episode.commands(),
        episode.stages());
  }

  /** What was commanded at some moments, end to end; nothing if any is missing. */
  private static double[] commands(RecordedPlans episode, List<Long> moments, int joints) {
    double[] commands = new double[moments.size() * joints];
    for (int step = 0; step < moments.size(); step++) {
      double[] command = episode.commands().get(moments.get(step));
      if (command == null) {
        return new double[0];
      }
      System.arraycopy(command, 0, commands, step * joints, joints);
    }
    return commands;
  }
}
