package dev.forearm.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicyState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It pays where the cube ends high; the world model's errors are to choose from. */
final class ChoiceTrainingTest {
  private static final int HEIGHT = 9; // the cube's z in the last of two frames of five values
  private static final int PLANS = 3;
  private static final ChoiceSettings SETTINGS = new ChoiceSettings(8, PLANS, 1, 3, 1, 800, 0.99);

  @TempDir private Path folder;
  private Path plain;
  private Path choosing;

  @BeforeEach
  void learn() throws IOException {
    plain = SmallBundle.named(folder, "plain");
    choosing = folder.resolve("choosing");
    try (Bundle bundle = BundleReader.read(plain, Trust.anyone())) {
      new ChoiceTraining(SETTINGS, 7).write(bundle, outlooks(bundle), choosing, Map.of());
    }
  }

  private static float[] seen(Random random) {
    float[] seen = new float[8];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = random.nextFloat() - 0.5f;
    }
    return seen;
  }

  private static List<Outlook> outlooks(Bundle bundle) {
    Scaling frames = bundle.statistics().imagined();
    Random random = new Random(11);
    List<Outlook> outlooks = new ArrayList<>();
    for (int row = 0; row < 1500; row++) {
      float[] seen = seen(random);
      float[] imagined = new float[frames.width()];
      float[] followed = new float[frames.width()];
      for (int i = 0; i < imagined.length; i++) {
        float normalised = (float) random.nextGaussian();
        imagined[i] = (float) frames.physical(seen, i, normalised);
        followed[i] =
            (float) frames.physical(seen, i, normalised + 0.5f * (float) random.nextGaussian());
      }
      float height = frames.normalised(seen, HEIGHT, followed[HEIGHT]);
      double paid = 1 / (1 + Math.exp(-2 * height));
      outlooks.add(new Outlook(seen, followed, Optional.of(imagined), paid));
    }
    return outlooks;
  }

  private static Plan plan(BundlePolicy policy, float[] seen) {
    Observation observation = new Observation(policy.spec());
    System.arraycopy(seen, 0, observation.values(), 0, seen.length);
    Plan plan = new Plan(policy.spec());
    policy.plan(observation, plan);
    return plan;
  }

  /** How much higher than the world model's own imagination, in deviations. */
  private static double higher(BundlePolicy policy, BundlePolicy without, float[] seen) {
    float own = plan(without, seen).imagined()[HEIGHT];
    float chosen = plan(policy, seen).imagined()[HEIGHT];
    return (chosen - own) / policy.bundle().statistics().imagined().std()[HEIGHT];
  }

  @Test
  void imaginationsOfWhichItIsSureThatTheyPayAreChosen() {
    try (BundlePolicy policy = BundlePolicy.load(choosing, SmallBundle.robot());
        BundlePolicy without = BundlePolicy.load(plain, SmallBundle.robot())) {
      Random random = new Random(12);
      double sum = 0;
      for (int episode = 0; episode < 60; episode++) {
        policy.reset();
        sum += higher(policy, without, seen(random));
      }
      assertTrue(sum / 60 > 0.2, "mean %s deviations higher".formatted(sum / 60));
    }
  }

  @Test
  void aChoiceHoldsForSomePlansAndActionsFollowIt() {
    try (BundlePolicy policy = BundlePolicy.load(choosing, SmallBundle.robot());
        BundlePolicy without = BundlePolicy.load(plain, SmallBundle.robot())) {
      policy.reset();
      float[] seen = seen(new Random(13));
      double first = higher(policy, without, seen);
      for (int i = 1; i < PLANS; i++) {
        assertEquals(first, higher(policy, without, seen), 1e-4);
      }
      double[] changed = new double[2];
      for (int i = 0; i < 20 * PLANS; i++) {
        changed[higher(policy, without, seen) == first ? 0 : 1]++;
      }
      assertTrue(changed[1] > 0, "it never chooses anew");
      double[] chosen = plan(policy, seen).actions();
      double[] own = plan(without, seen).actions();
      assertFalse(Arrays.equals(chosen, own));
    }
  }

  @Test
  void takenUpAgainItGoesOnWithWhatItHadChosen() {
    try (BundlePolicy policy = BundlePolicy.load(choosing, SmallBundle.robot());
        BundlePolicy other = BundlePolicy.load(choosing, SmallBundle.robot())) {
      policy.reset();
      float[] seen = seen(new Random(14));
      plan(policy, seen);
      PolicyState state = policy.freeze();
      other.thaw(state);
      for (int i = 0; i < 2 * PLANS; i++) {
        assertArrayEquals(plan(policy, seen).actions(), plan(other, seen).actions());
      }
    }
  }

  @Test
  void otherWeightsDoNotInheritTheChoice() {
    Path other = folder.resolve("other");
    Path same = folder.resolve("same");
    try (Bundle bundle = BundleReader.read(choosing, Trust.anyone())) {
      assertTrue(bundle.choice().isPresent());
      HostTensor bias = Objects.requireNonNull(bundle.checkpoint().get("actor.direct.bias"));
      BundleWriter.write(bundle, Map.of("actor.direct.bias", bias), other, Map.of());
      BundleWriter.write(bundle, Map.of(), same, Map.of());
    }
    try (Bundle without = BundleReader.read(other, Trust.anyone());
        Bundle with = BundleReader.read(same, Trust.anyone())) {
      assertFalse(without.choice().isPresent());
      assertTrue(with.choice().isPresent());
    }
  }

  @Test
  void whereNothingPaidThereIsNothingToChooseFrom() {
    try (Bundle bundle = BundleReader.read(plain, Trust.anyone())) {
      ChoiceTraining training = new ChoiceTraining(SETTINGS, 7);
      ModelsFault fault = assertThrows(ModelsFault.class, () -> training.graph(bundle, List.of()));
      assertTrue(fault.toString().contains("record more episodes"), fault::toString);
    }
  }
}
