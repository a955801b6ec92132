package dev.forearm.models.policy;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.ort.Tensor;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.WorldModel;
import java.util.Map;

/**
 * The world model's graph: {@code observation [1, width]} to {@code imagined [1, frames, width]},
 * both normalised, and beside the observation an input {@code [1, channel, height, width]} for each
 * image feature, called as it and in its source's range. Owned by the inference thread; allocates
 * nothing per call.
 */
public final class OnnxWorldModel implements WorldModel, AutoCloseable {
  private final PolicySpec spec;
  private final GraphRun graph;
  private final Tensor in;
  private final Tensor out;
  private final Scaling observation;
  private final Scaling frames;

  /** Opens the world model of {@code bundle}, which must stay open as long as this. */
  public OnnxWorldModel(Bundle bundle, OrtRuntime ort, ProviderChoice choice) {
    spec = bundle.manifest().spec();
    graph =
        GraphRun.open(
            bundle,
            Bundle.Half.WORLD_MODEL,
            ort,
            choice,
            Map.of("observation", new long[] {1, spec.observationWidth()}),
            spec.images(),
            Map.of("imagined", new long[] {1, spec.frameSteps().size(), spec.frameWidth()}));
    in = graph.tensor("observation");
    out = graph.tensor("imagined");
    observation = bundle.statistics().observation();
    frames = bundle.statistics().imagined();
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void imagine(Observation seen, float[] imagined) {
    float[] values = seen.values();
    for (int i = 0; i < observation.width(); i++) {
      in.setFloat(i, observation.normalised(values, i, values[i]));
    }
    graph.look(seen.images());
    graph.run();
    for (int i = 0; i < imagined.length; i++) {
      imagined[i] = (float) frames.physical(values, i, out.getFloat(i));
    }
  }

  /** What the graph gave last, normalised by {@link #frames()}; overwritten by the next call. */
  Tensor normalised() {
    return out;
  }

  Scaling frames() {
    return frames;
  }

  /** Its state and noise. */
  GraphRun graph() {
    return graph;
  }

  @Override
  public void close() {
    graph.close();
  }
}
