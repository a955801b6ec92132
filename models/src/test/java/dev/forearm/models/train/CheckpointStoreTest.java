package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ort.OrtRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
  private static final TrainingSettings SETTINGS =
      TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 8)
          .withMicroBatches(4, 2)
          .withClipNorm(0.5)
          .withAverageDecay(0.99)
          .withGenerated(Map.of("target", new GeneratedInput.Normal()));

  @TempDir private Path folder;

  private static Trainer open(TrainingSettings settings) {
    Mixture examples =
        new Mixture(
            List.of(
                new Mixture.Part(HandGraph.examples("new", 21, 2), 2),
                new Mixture.Part(HandGraph.examples("old", 50, 3), 1)),
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
      assertEquals(-1, first.weights().memory().mismatch(second.weights().memory()));
      assertEquals(
          -1,
          first.average().orElseThrow().memory().mismatch(second.average().orElseThrow().memory()));
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aWriterKilledAtAnyInstantLosesNothingItHadWritten(long seed) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CheckpointWriter.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long acknowledged = 0;
    try (var lines = writer.inputReader()) {
      // The first line says that it writes; kill it some writes later, within one.
      Random random = new Random(seed);
      int writes = 1 + random.nextInt(20);
      for (int i = 0; i < writes; i++) {
        String line = lines.readLine();
        assertFalse(line == null, "the writer ended by itself");
        acknowledged = Long.parseLong(String.valueOf(line));
      }
      TimeUnit.MICROSECONDS.sleep(random.nextInt(6000));
      // Not Process.destroyForcibly: that closes the pipe with what it still holds.
      writer.toHandle().destroyForcibly();
      writer.waitFor();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged = line.isEmpty() ? acknowledged : Long.parseLong(line);
      }
    }
    Checkpoint latest = new CheckpointStore(folder, 3).latest().orElseThrow();
    assertTrue(latest.step() >= acknowledged, latest.step() + " is older than " + acknowledged);
    try (Trainer resumed = open(SETTINGS);
        Trainer straight = open(SETTINGS)) {
      CheckpointStore.resume(resumed, latest);
      losses(straight, Math.toIntExact(latest.step()));
      assertEquals(-1, straight.weights().memory().mismatch(resumed.weights().memory()));
      assertArrayEquals(losses(straight, 5), losses(resumed, 5));
    }
  }

  /** A child process that saves after every step until it is killed. */
  static final class CheckpointWriter {
    private CheckpointWriter() {}

    public static void main(String[] arguments) {
      CheckpointStore store = new CheckpointStore(Path.of(arguments[0]), 3);
      try (Trainer trainer = open(SETTINGS)) {
        while (true) {
          trainer.step();
          store.save(trainer);
          System.out.println(trainer.stepsDone());
        }
      }
    }
  }
}
