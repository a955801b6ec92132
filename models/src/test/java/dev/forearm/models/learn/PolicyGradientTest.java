package dev.forearm.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.PolicyGradientSettings.Reward;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.models.samples.SampleRows;
import dev.forearm.models.train.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a robot of one turning joint and a finger, a bandit: it pays to stray the right way. */
final class PolicyGradientTest {
  private static final double DEVIATION = 0.01; // rad
  private static final int DECISIONS = 600;
  private static final HalfSettings HOW = new HalfSettings(true, 300, 64, 2e-4, 2, 0, 0);

  @TempDir private Path folder;
  private final List<PlanSample> samples = new ArrayList<>();
  private Path first;

  @BeforeEach
  void makeSamples() throws IOException {
    first = SmallBundle.named(folder, "first");
    Random random = new Random(5);
    for (int i = 0; i < DECISIONS; i++) {
      float[] seen = floats(random, 8);
      double[] chunk = random.doubles(8, -1, 1).toArray();
      samples.add(new PlanSample(seen, floats(random, 10), chunk));
    }
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static PolicyGradientSettings settings(Reward reward, double klStop) {
    return new PolicyGradientSettings(reward, 0.9, 0.9, 50, 0.2, klStop, 0.004, 0.02);
  }

  /** The mean of the shoulder's chunk, in deviations, for each sample. */
  private float[] decided(Bundle bundle) {
    Straying straying = new Straying(List.of(DEVIATION, 0.0));
    ChunkGaussian policy = new ChunkGaussian(bundle, straying, settings(Reward.STAGES, 1));
    SampleRows rows = new SampleRows(bundle.manifest(), bundle.statistics());
    return ChunkGaussian.means(policy.decide(Map.of(), rows.of(Half.ACTOR, samples)));
  }

  private Path improved(
      Path player, List<Rollout> rollouts, PolicyGradientSettings settings, String name) {
    Path better = folder.resolve(name);
    try (Bundle bundle = BundleReader.read(player, Trust.anyone())) {
      Straying straying = Straying.of(bundle.manifest(), DEVIATION);
      PolicyGradient.Outcome outcome =
          new PolicyGradient(settings, HOW, new Pace(1), 4, TrainingListener.NONE)
              .train(bundle, straying, rollouts, folder.resolve("work-" + name));
      BundleWriter.write(bundle, outcome.weights(), better, outcome.straying().madeBy());
    }
    return better;
  }

  private double meanShift(Path bundle) {
    try (Bundle before = BundleReader.read(first, Trust.anyone());
        Bundle after = BundleReader.read(bundle, Trust.anyone())) {
      float[] was = decided(before);
      float[] is = decided(after);
      double sum = 0;
      for (int i = 0; i < was.length; i++) {
        sum += is[i] - was[i];
      }
      return sum / was.length;
    }
  }

  /** A stage is done where the shoulder ends up more than a deviation above the first policy. */
  @Test
  void aPolicyMovesToWhereStagesAreDone() {
    Path player = first;
    Random random = new Random(8);
    double[] rates = new double[8];
    for (int iteration = 0; iteration < rates.length; iteration++) {
      List<Rollout> rollouts = new ArrayList<>();
      try (Bundle was = BundleReader.read(first, Trust.anyone());
          Bundle now = BundleReader.read(player, Trust.anyone())) {
        float[] from = decided(was);
        float[] at = decided(now);
        double std = Straying.of(now.manifest(), DEVIATION).jointStd().getFirst();
        for (int i = 0; i < DECISIONS; i++) {
          double strayed = std * random.nextGaussian();
          int stages = at[i] - from[i] + strayed / DEVIATION > 1 ? 1 : 0;
          rates[iteration] += stages / (double) DECISIONS;
          rollouts.add(rollout(i, strayed, Optional.empty(), stages));
        }
      }
      player = improved(player, rollouts, settings(Reward.STAGES, 0.3), "iteration-" + iteration);
    }
    assertTrue(rates[0] < 0.2 && rates[rates.length - 1] > 0.5, () -> Arrays.toString(rates));
  }

  private Rollout rollout(int sample, double strayed, Optional<float[]> followed, int stages) {
    double[] all = {strayed, 0};
    return new Rollout(
        List.of(new Rollout.Decision(samples.get(sample), all, followed, stages, 1)));
  }

  /** What follows is as imagined where it strays upwards, and not otherwise. */
  @Test
  void aPolicyLearnsToBringAboutWhatIsImaginedAndNoFartherThanItMay() {
    List<Rollout> rollouts = new ArrayList<>();
    Random random = new Random(9);
    for (int i = 0; i < DECISIONS; i++) {
      double strayed = DEVIATION * random.nextGaussian();
      float[] followed = samples.get(i).frames().clone();
      followed[0] += strayed > 0 ? 0 : 0.5f;
      rollouts.add(rollout(i, strayed, Optional.of(followed), 0));
    }
    double little =
        meanShift(improved(first, rollouts, settings(Reward.RECONSTRUCTION, 0.02), "a"));
    double more = meanShift(improved(first, rollouts, settings(Reward.RECONSTRUCTION, 0.5), "b"));
    assertTrue(little > 0.05, "shift " + little);
    assertTrue(more > 2 * little, "%s, %s with a later stop".formatted(little, more));
  }

  @Test
  void howWidelyItStraysIsLearnedWithinBoundsAndTheBundleSaysSo() {
    List<Rollout> rollouts = new ArrayList<>();
    Random random = new Random(10);
    for (int i = 0; i < DECISIONS; i++) {
      double strayed = DEVIATION * random.nextGaussian();
      rollouts.add(
          rollout(i, strayed, Optional.empty(), Math.abs(strayed) < 0.5 * DEVIATION ? 1 : 0));
    }
    Path narrower = improved(first, rollouts, settings(Reward.STAGES, 5), "narrower");
    try (Bundle bundle = BundleReader.read(narrower, Trust.anyone())) {
      List<Double> std = Straying.of(bundle.manifest(), DEVIATION).jointStd();
      assertTrue(
          std.getFirst() < 0.95 * DEVIATION && std.getFirst() >= 0.004 - 1e-9, std::toString);
      assertEquals(0, std.getLast(), "fingers do not stray");
    }
  }

  /** The same bits again, from where it was. */
  @Test
  void onceDoneItIsNotDoneAgain() {
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < DECISIONS; i++) {
      double strayed = DEVIATION * (i % 2 == 0 ? 1 : -1);
      rollouts.add(rollout(i, strayed, Optional.empty(), i % 2));
    }
    try (Bundle bundle = BundleReader.read(first, Trust.anyone())) {
      Straying straying = Straying.of(bundle.manifest(), DEVIATION);
      PolicyGradient learning =
          new PolicyGradient(
              settings(Reward.STAGES, 0.1), HOW, new Pace(1), 4, TrainingListener.NONE);
      PolicyGradient.Outcome once =
          learning.train(bundle, straying, rollouts, folder.resolve("work"));
      PolicyGradient.Outcome again =
          learning.train(bundle, straying, rollouts, folder.resolve("work"));
      once.weights()
          .forEach((name, value) -> assertEquals(value.data(), data(again.weights(), name), name));
      assertEquals(once.straying(), again.straying());
    }
  }

  private static Object data(Map<String, HostTensor> weights, String name) {
    HostTensor value = weights.get(name);
    return value == null ? "none" : value.data();
  }
}
