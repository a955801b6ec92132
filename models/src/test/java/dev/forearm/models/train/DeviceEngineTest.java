package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.models.ort.OrtRuntime;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine for devices with main memory as the device: all of it but the copying. */
class DeviceEngineTest {
  private static final int STEPS = 40;

  static Stream<TrainingSettings> settings() {
    TrainingSettings adam = TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 16);
    return Stream.of(
        adam,
        adam.withMicroBatches(4, 4).withClipNorm(0.2).withAverageDecay(0.9),
        TrainingSettings.of(new Optimizer.Adam(0.9, 0.99, 1e-6, 0.01), 1e-2, 16),
        TrainingSettings.of(Optimizer.AdamW.standard(), 1e-2, 16).withMicroBatches(8, 2),
        TrainingSettings.of(new Optimizer.Sgd(0, false, 0), 1e-1, 16),
        TrainingSettings.of(new Optimizer.Sgd(0.9, true, 1e-3), 1e-2, 16).withClipNorm(0.2));
  }

  private static Mixture examples() {
    return Mixture.of(HandGraph.rows("e", 64, 2), 1);
  }

  private static Trainer onDevice(TrainingSettings settings) {
    TrainingGraph graph = HandGraph.read();
    StepEngine engine = new DeviceEngine(OrtRuntime.shared(), graph, settings);
    return new Trainer(engine, graph, examples(), settings);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void itDoesWhatTheHostDoes(TrainingSettings settings) {
    try (Trainer device = onDevice(settings);
        Trainer host = new Trainer(OrtRuntime.shared(), HandGraph.read(), examples(), settings)) {
      for (int i = 0; i < STEPS; i++) {
        StepReport wanted = host.step();
        StepReport found = device.step();
        assertEquals(wanted.loss(), found.loss(), 1e-5 * wanted.loss());
        assertEquals(wanted.gradientNorm().orElse(0), found.gradientNorm().orElse(0), 1e-4);
      }
      assertArrayEquals(host.weights().read("W2"), device.weights().read("W2"), 1e-4f);
      if (settings.averageDecay() > 0) {
        assertArrayEquals(
            host.average().orElseThrow().read("W2"),
            device.average().orElseThrow().read("W2"),
            1e-4f);
      }
    }
  }

  @Test
  void itResumesToTheLastBit(@TempDir Path folder) {
    TrainingSettings settings =
        TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 16).withAverageDecay(0.9);
    CheckpointStore store = new CheckpointStore(folder, 1);
    try (Trainer first = onDevice(settings);
        Trainer second = onDevice(settings)) {
      for (int i = 0; i < 7; i++) {
        first.step();
      }
      CheckpointStore.resume(second, store.save(first));
      for (int i = 0; i < 20; i++) {
        assertEquals(first.step().loss(), second.step().loss());
      }
      assertEquals(-1, first.weights().memory().mismatch(second.weights().memory()));
    }
  }
}
