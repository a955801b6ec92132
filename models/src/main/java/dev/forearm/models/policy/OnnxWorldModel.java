package dev.forearm.models.policy;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.bundle.Statistics.Normal;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.WorldModel;
import java.util.Map;

/**
 * The world model's graph: {@code observation [1, width]} to {@code imagined [1, frames, width]},
 * both normalised. Owned by the inference thread; allocates nothing per call.
 *
 * <p>{@code frame value = (observed value, if the bundle imagines differences) + mean + std * out}.
 */
public final class OnnxWorldModel implements WorldModel, AutoCloseable {
  private final PolicySpec spec;
  private final GraphRun graph;
  private final Tensor in;
  private final Tensor out;
  private final Normal observation;
  private final Normal frames;
  private final boolean relative;

  /** Place in the observation of each value of a frame. */
  private final int[] observed;

  /** Opens the world model of {@code bundle}, which must stay open as long as this. */
  public OnnxWorldModel(Bundle bundle, OrtRuntime ort, SessionOptions options) {
    Manifest manifest = bundle.manifest();
    spec = manifest.spec();
    graph =
        new GraphRun(
            bundle,
            Bundle.Half.WORLD_MODEL,
            ort,
            options,
            Map.of("observation", new long[] {1, spec.observationWidth()}),
            Map.of("imagined", new long[] {1, spec.frameSteps().size(), spec.frameWidth()}));
    in = graph.tensor("observation");
    out = graph.tensor("imagined");
    observation = bundle.statistics().observation();
    frames = bundle.statistics().imagined();
    relative = manifest.imaginedRelative();
    observed = spec.placesOf(spec.imagined());
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void imagine(float[] values, float[] imagined) {
    for (int i = 0; i < observation.mean().length; i++) {
      in.setFloat(i, (values[i] - observation.mean()[i]) / observation.std()[i]);
    }
    graph.run();
    for (int i = 0; i < imagined.length; i++) {
      float value = frames.mean()[i] + frames.std()[i] * out.getFloat(i);
      imagined[i] = relative ? values[observed[i % observed.length]] + value : value;
    }
  }

  /** Runs the graph on normalised values as they are. */
  void runRaw(float[] normalised, float[] result) {
    in.copyFrom(normalised);
    graph.run();
    out.copyTo(result);
  }

  @Override
  public void close() {
    graph.close();
  }
}
