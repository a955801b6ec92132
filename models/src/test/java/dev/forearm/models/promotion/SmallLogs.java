package dev.forearm.models.promotion;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.runtime.episode.RecordedPlans;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Made-up episodes of the small robot: joints go half of the way to the command at every step, and
 * an episode succeeds if its shoulder ends at a positive angle. Commands wander.
 */
final class SmallLogs {
  private static final long PERIOD_NANOS = 50_000_000;
  private static final int STEPS = 60;

  private SmallLogs() {}

  static List<RecordedPlans> episodes(int count, long seed) {
    Random random = new Random(seed);
    List<RecordedPlans> episodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      episodes.add(episode("episode " + i, random));
    }
    return episodes;
  }

  /** The same with outcomes dealt out anew. */
  static List<RecordedPlans> shuffled(List<RecordedPlans> episodes, long seed) {
    List<Map<String, String>> outcomes =
        new ArrayList<>(episodes.stream().map(RecordedPlans::outcome).toList());
    Collections.shuffle(outcomes, new Random(seed));
    List<RecordedPlans> all = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      RecordedPlans episode = episodes.get(i);
      all.add(
          plans(
              episode.source(),
              outcomes.get(i).containsValue("success"),
              episode.observations(),
              episode.commands()));
    }
    return all;
  }

  private static RecordedPlans episode(String source, Random random) {
    TreeMap<Long, float[]> observations = new TreeMap<>();
    TreeMap<Long, double[]> commands = new TreeMap<>();
    double[] cube = random.doubles(3, -1, 1).toArray();
    double shoulder = random.nextDouble(-1, 1);
    double finger = 0.02;
    double drift = random.nextDouble(-0.1, 0.1);
    for (int step = 0; step < STEPS; step++) {
      float[] seen = {
        (float) shoulder,
        (float) finger,
        (float) Math.cos(shoulder),
        (float) Math.sin(shoulder),
        0.3f,
        (float) cube[0],
        (float) cube[1],
        (float) cube[2]
      };
      double[] command = {
        shoulder + drift + 0.2 * random.nextGaussian(), 0.02 + 0.01 * random.nextGaussian()
      };
      observations.put(step * PERIOD_NANOS, seen);
      commands.put(step * PERIOD_NANOS, command);
      shoulder += 0.5 * (command[0] - shoulder);
      finger += 0.5 * (command[1] - finger);
    }
    return plans(source, shoulder > 0, observations, commands);
  }

  private static RecordedPlans plans(
      String source,
      boolean success,
      NavigableMap<Long, float[]> observations,
      NavigableMap<Long, double[]> commands) {
    return new RecordedPlans(
        source,
        Map.of("task", "none"),
        Map.of("result", success ? "success" : "failure"),
        observations,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        commands,
        new TreeMap<>());
  }

  /** A child of a bundle, one of whose weights was changed. */
  static Path changed(Path parent, Path child, String weight, UnaryOperator<float[]> change) {
    try (Bundle bundle = BundleReader.read(parent, Trust.anyone())) {
      HostTensor old = bundle.checkpoint().get(weight);
      if (old == null) {
        throw new IllegalArgumentException("no weight " + weight);
      }
      Map<String, HostTensor> weights = new LinkedHashMap<>();
      weights.put(weight, HostTensor.ofFloats(old.dims(), change.apply(old.floats())));
      BundleWriter.write(bundle, weights, child, Map.of("command", "test"));
    }
    return child;
  }

  /** Moves the shoulder's part of every action of a chunk, in standard deviations. */
  static UnaryOperator<float[]> shoulder(float by) {
    return bias -> {
      for (int i = 0; i < bias.length; i += 2) {
        bias[i] += by;
      }
      return bias;
    };
  }
}
