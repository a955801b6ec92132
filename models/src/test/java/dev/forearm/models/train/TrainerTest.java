package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.OrtRuntime;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final TrainingSettings ADAM =
      TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 16);

  private static Trainer open(TrainingSettings settings) {
    return new Trainer(
        OrtRuntime.shared(),
        HandGraph.read(),
        Mixture.of(HandGraph.rows("e", 64, 2), settings.seed()),
        settings);
  }

  private static double[] losses(Trainer trainer, int steps) {
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = trainer.step().loss();
    }
    return losses;
  }

  @Test
  void trainingLowersTheLoss() {
    try (Trainer trainer = open(ADAM)) {
      double[] losses = losses(trainer, 300);
      assertTrue(losses[299] < 0.5 * losses[0], losses[0] + " -> " + losses[299]);
      assertEquals(300, trainer.stepsDone());
    }
  }

  @Test
  void equalRunsGiveEqualBits() {
    TrainingSettings settings = ADAM.withClipNorm(0.3).withAverageDecay(0.9).withMicroBatches(4, 3);
    try (Trainer one = open(settings);
        Trainer two = open(settings)) {
      assertArrayEquals(losses(one, 40), losses(two, 40));
      assertEquals(-1, one.weights().memory().mismatch(two.weights().memory()));
      assertEquals(
          -1, one.average().orElseThrow().memory().mismatch(two.average().orElseThrow().memory()));
    }
  }

  @Test
  void microBatchesGiveTheGradientOfTheWholeBatch() {
    try (Trainer whole = open(ADAM);
        Trainer parts = open(ADAM.withMicroBatches(4, 4))) {
      double[] wanted = losses(whole, 30);
      double[] found = losses(parts, 30);
      for (int i = 0; i < 30; i++) {
        assertEquals(wanted[i], found[i], 1e-5 * wanted[i]);
      }
    }
  }

  @Test
  void clippingShortensTheGradientAndReportsItsLength() {
    TrainingSettings sgd = TrainingSettings.of(new Optimizer.Sgd(0, false, 0), 1, 16);
    try (Trainer trainer = open(sgd.withClipNorm(0.01))) {
      float[] before = trainer.weights().memory().toArray(ValueLayout.JAVA_FLOAT);
      StepReport report = trainer.step();
      float[] after = trainer.weights().memory().toArray(ValueLayout.JAVA_FLOAT);
      double square = 0;
      for (int i = 0; i < before.length; i++) {
        square += Math.pow(after[i] - before[i], 2);
      }
      assertEquals(0.01, Math.sqrt(square), 1e-5);
      assertTrue(report.gradientNorm().orElseThrow() > 0.01);
    }
  }

  @Test
  void theAverageFollowsTheWeights() {
    try (Trainer trainer = open(ADAM.withAverageDecay(0.5))) {
      float start = trainer.weights().read("b2")[0];
      assertEquals(start, trainer.average().orElseThrow().read("b2")[0]);
      trainer.step();
      float now = trainer.weights().read("b2")[0];
      assertEquals((start + now) / 2, trainer.average().orElseThrow().read("b2")[0], 1e-7);
    }
    try (Trainer trainer = open(ADAM)) {
      assertEquals(Optional.empty(), trainer.average());
    }
  }

  @Test
  void aGeneratedInputNeedsNoColumn() {
    TrainingSettings settings =
        ADAM.withGenerated(Map.of("target", new GeneratedInput.Constant(0.25f)));
    long[] dims = {20, HandGraph.INPUT};
    HostTensor x = HostTensor.ofFloats(dims, new float[20 * HandGraph.INPUT]);
    RowStore zeros = HandGraph.store("zeros", Map.of("x", x));
    try (Trainer trainer =
        new Trainer(OrtRuntime.shared(), HandGraph.read(), Mixture.of(zeros, 1), settings)) {
      double[] losses = losses(trainer, 200);
      assertTrue(losses[199] < 1e-3 * losses[0]);
    }
  }

  @Test
  void aLossThatIsNotFiniteStopsBeforeTheWeightsMove() {
    TrainingSettings settings =
        ADAM.withSpotCheck(false)
            .withGenerated(Map.of("target", new GeneratedInput.Constant(Float.NaN)));
    try (Trainer trainer = open(settings)) {
      float before = trainer.weights().read("b2")[0];
      ModelsFault fault = assertThrows(ModelsFault.class, trainer::step);
      assertTrue(String.valueOf(fault.getMessage()).contains("loss is NaN at step 1"));
      assertEquals(before, trainer.weights().read("b2")[0]);
      assertEquals(0, trainer.stepsDone());
    }
  }

  @Test
  void aMissingColumnIsRefusedByName() {
    HostTensor x = HostTensor.ofFloats(new long[] {1, HandGraph.INPUT}, 1, 2, 3, 4, 5, 6);
    RowStore half = HandGraph.store("half.npz", Map.of("x", x));
    ModelsFault fault =
        assertThrows(
            ModelsFault.class,
            () -> new Trainer(OrtRuntime.shared(), HandGraph.read(), Mixture.of(half, 1), ADAM));
    assertTrue(String.valueOf(fault.getMessage()).contains("half.npz"));
    assertTrue(String.valueOf(fault.getMessage()).contains("'target'"));
  }
}
