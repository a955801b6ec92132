package dev.forearm.launch.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.policy.OnnxWorldModel;
import dev.forearm.models.samples.EpisodeSamples;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Samples of recorded episodes against what the Python exporter reads from the same files; {@code
 * models/export/goldens/episode_samples.py} makes both.
 */
final class EpisodeSamplesTest {
  private static final Path BUNDLES = Path.of("..", "models", "bundles");
  private static final float ROUNDING = 1e-5f;

  private final Path folder =
      Path.of(Objects.requireNonNull(getClass().getResource("episodes")).getPath());
  private final Map<String, HostTensor> golden = Npz.read(folder.resolve("samples.npz"));

  private EpisodeSamples samples(Bundle bundle) {
    EpisodeSamples samples = new EpisodeSamples(bundle.manifest(), bundle.statistics());
    assertEquals(golden("skipped")[0], EpisodeFolder.read(folder, samples, _ -> {}));
    return samples;
  }

  private static Bundle bundle(String name) {
    return BundleReader.read(BUNDLES.resolve(name), Trust.anyone());
  }

  private float[] golden(String key) {
    return Objects.requireNonNull(golden.get(key), key).floats();
  }

  @Test
  void theSameWindowsAreCutAsInPython() {
    try (Bundle bundle = bundle("lift-sft")) {
      EpisodeSamples samples = samples(bundle);
      assertEquals(3, samples.used());
      assertEquals(1, samples.skipped());
      List<PlanSample> all = samples.samples();
      float[] observations = golden("observation");
      float[] frames = golden("frames");
      float[] chunks = golden("chunk");
      assertEquals(observations.length, all.size() * all.getFirst().observation().length);
      int at = 0;
      int frameAt = 0;
      int chunkAt = 0;
      for (PlanSample sample : all) {
        for (float value : sample.observation()) {
          assertEquals(observations[at++], value);
        }
        for (float value : sample.frames()) {
          assertEquals(frames[frameAt++], value);
        }
        for (double value : sample.chunk()) {
          assertEquals(chunks[chunkAt++], (float) value);
        }
      }
    }
  }

  @Test
  void rowsAreNormalisedAsInPython() {
    try (Bundle bundle = bundle("lift-sft")) {
      EpisodeSamples samples = samples(bundle);
      for (Bundle.Half half : Bundle.Half.values()) {
        String prefix = half == Bundle.Half.ACTOR ? "actor." : "world_model.";
        Map<String, HostTensor> rows = samples.rows(half);
        assertEquals(half == Bundle.Half.ACTOR ? 3 : 2, rows.size());
        rows.forEach((name, value) -> {
          HostTensor wanted = Objects.requireNonNull(golden.get(prefix + name), name);
          assertArrayEquals(wanted.dims(), value.dims(), name);
          assertArrayEquals(wanted.floats(), value.floats(), ROUNDING, name);
        });
      }
    }
  }

  @Test
  void theImaginedFutureIsWhatTheRuntimesWorldModelImagines() {
    try (Bundle bundle = bundle("lift-sft");
        OnnxWorldModel worldModel =
            new OnnxWorldModel(bundle, OrtRuntime.shared(), new ProviderChoice.Cpu())) {
      EpisodeSamples samples = samples(bundle);
      float[] rows = Objects.requireNonNull(samples.rowsImagined(bundle).get("imagined")).floats();
      Scaling scaling = bundle.statistics().imagined();
      int width = scaling.width();
      float[] imagined = new float[width];
      Observation observation = new Observation(bundle.manifest().spec());
      for (int row = 0; row < samples.samples().size(); row += 7) {
        float[] seen = samples.samples().get(row).observation();
        System.arraycopy(seen, 0, observation.values(), 0, seen.length);
        worldModel.imagine(observation, imagined);
        for (int i = 0; i < width; i++) {
          assertEquals(scaling.normalised(seen, i, imagined[i]), rows[row * width + i], 1e-3f);
        }
      }
    }
  }

  @Test
  void anEpisodeOfAnotherTaskIsRefused() {
    try (Bundle bundle = bundle("tidy-sft")) {
      EpisodeSamples samples = new EpisodeSamples(bundle.manifest(), bundle.statistics());
      RecordedPlans lift = EpisodeReader.read(folder.resolve("1-whole.mcap"));
      ModelsFault fault = assertThrows(ModelsFault.class, () -> samples.add(lift));
      assertTrue(String.valueOf(fault.getMessage()).contains("wants 'tidy'"), fault::toString);
    }
  }

  @Test
  void aFolderWithoutEpisodesIsRefused(@TempDir Path empty) {
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> EpisodeReader.files(empty));
    assertTrue(String.valueOf(fault.getMessage()).contains("found no *.mcap"), fault::toString);
  }
}
