package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Refusal;
import dev.forearm.models.ort.OrtRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  static final TrainingSettings SETTINGS =
      TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 8)
          .withMicroBatches(4, 2)
          .withClipNorm(0.5)
          .withAverageDecay(0.99)
          .withGenerated(Map.of("target", new GeneratedInput.Normal()));

  @TempDir private Path folder;

  static Trainer open(TrainingSettings settings) {
    Mixture examples =
        new Mixture(
            List.of(
                new Mixture.Part(HandGraph.rows("new", 21, 2), 2),
                new Mixture.Part(HandGraph.rows("old", 50, 3), 1)),
            settings.seed(),
            true);
    return new Trainer(OrtRuntime.shared(), HandGraph.read(), examples, settings);
  }

  private static double[] losses(Trainer trainer, int steps) {
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = trainer.step().loss();
    }
    return losses;
  }

  @Test
  void aResumedRunIsTheSameToTheLastBit() {
    CheckpointStore store = new CheckpointStore(folder, 3);
    try (Trainer first = open(SETTINGS);
        Trainer second = open(SETTINGS)) {
      losses(first, 37);
      store.save(first);
      double[] wanted = losses(first, 30);
      CheckpointStore.resume(second, store.latest().orElseThrow());
      assertEquals(37, second.stepsDone());
      assertArrayEquals(wanted, losses(second, 30));
      assertSameState(first, second);
    }
  }

  /** Weights, optimizer state, average, step and the order in which examples are drawn. */
  static void assertSameState(Trainer a, Trainer b) {
    assertEquals(a.stepsDone(), b.stepsDone());
    assertEquals(a.examples().position(), b.examples().position());
    assertEquals(a.optimizerState().size(), b.optimizerState().size());
    List<ParameterVector> left = new ArrayList<>(a.optimizerState());
    List<ParameterVector> right = new ArrayList<>(b.optimizerState());
    left.add(a.weights());
    right.add(b.weights());
    a.average().ifPresent(left::add);
    b.average().ifPresent(right::add);
    assertEquals(left.size(), right.size());
    for (int i = 0; i < left.size(); i++) {
      assertEquals(-1, left.get(i).memory().mismatch(right.get(i).memory()), "vector " + i);
    }
  }

  @Test
  void onlyTheNewestAreKept() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    try (Trainer trainer = open(SETTINGS)) {
      for (int i = 0; i < 4; i++) {
        trainer.step();
        store.save(trainer);
      }
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("step-000000003", "step-000000004"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aDamagedCheckpointGivesWayToTheOneBefore() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 3);
    assertEquals(Optional.empty(), store.latest());
    try (Trainer trainer = open(SETTINGS)) {
      trainer.step();
      store.save(trainer);
      trainer.step();
      Path weights = store.save(trainer).folder().resolve(Checkpoint.WEIGHTS);
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length - 1] ^= 1;
      Files.write(weights, bytes);
    }
    assertEquals(1, store.latest().orElseThrow().step());
  }

  @Test
  void aRunThatPassesADamagedCheckpointSetsItAsideAndGoesOn() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 3);
    try (Trainer first = open(SETTINGS);
        Trainer second = open(SETTINGS)) {
      for (int i = 0; i < 3; i++) {
        first.step();
        Path weights = store.save(first).folder().resolve(Checkpoint.WEIGHTS);
        if (i > 0) {
          Files.writeString(weights, "damaged");
        }
      }
      CheckpointStore.resume(second, store.latest().orElseThrow());
      assertEquals(1, second.stepsDone());
      while (second.stepsDone() < 3) {
        second.step();
        assertEquals(second.stepsDone(), store.save(second).step());
        assertEquals(second.stepsDone(), store.latest().orElseThrow().step());
      }
      assertSameState(first, second);
    }
    assertTrue(Files.exists(folder.resolve("step-000000002.aside").resolve(Checkpoint.WEIGHTS)));
    assertTrue(Files.exists(folder.resolve("step-000000003.aside").resolve(Checkpoint.WEIGHTS)));
  }

  @Test
  void theOnlyWholeCheckpointIsNotCountedOutByDamagedOnes() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 1);
    Files.createDirectories(folder.resolve("step-000000009"));
    try (Trainer trainer = open(SETTINGS)) {
      trainer.step();
      store.save(trainer);
    }
    assertEquals(1, store.latest().orElseThrow().step());
  }

  @Test
  void weightsThatAreNotFiniteAreNotSaved() {
    CheckpointStore store = new CheckpointStore(folder, 3);
    try (Trainer trainer = open(SETTINGS)) {
      trainer.step();
      store.save(trainer);
      trainer.weights().write("b2", new float[] {1, Float.NEGATIVE_INFINITY, 2});
      String message = Refusal.of(() -> store.save(trainer));
      assertTrue(message.contains("'b2' is not finite after step 1"), message);
    }
    assertEquals(1, store.latest().orElseThrow().step());
  }

  @Test
  void anotherScheduleOrLossIsRefused() {
    CheckpointStore store = new CheckpointStore(folder, 3);
    LearningRate cosine = new LearningRate.Cosine(1e-2, 0, 100);
    try (Trainer trainer = open(SETTINGS);
        Trainer other = open(SETTINGS.withLearningRate(cosine))) {
      Checkpoint saved = store.save(trainer);
      String message = Refusal.of(() -> CheckpointStore.resume(other, saved));
      assertTrue(message.contains("Constant[rate=0.01]"), message);
      assertTrue(message.contains("Cosine[peak=0.01"), message);
    }
  }

  @Test
  void anotherRecipeIsRefused() {
    CheckpointStore store = new CheckpointStore(folder, 3);
    try (Trainer trainer = open(SETTINGS);
        Trainer other = open(SETTINGS.withClipNorm(0.4))) {
      Checkpoint saved = store.save(trainer);
      ModelsFault fault =
          assertThrows(ModelsFault.class, () -> CheckpointStore.resume(other, saved));
      assertTrue(String.valueOf(fault.getMessage()).contains("clip 0.5"));
      assertTrue(String.valueOf(fault.getMessage()).contains("clip 0.4"));
    }
  }
}
