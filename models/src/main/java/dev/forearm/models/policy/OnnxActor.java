package dev.forearm.models.policy;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.ort.Tensor;
import dev.forearm.runtime.policy.Actor;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actor's graph: {@code proprioception [1, width]} and {@code imagined [1, frames, width]} to
 * {@code actions [1, steps, joints]}, all normalised, and where the bundle says so {@link
 * PrefixInput}. Owned by the inference thread; allocates nothing per call.
 */
public final class OnnxActor implements Actor, AutoCloseable {
  private final PolicySpec spec;
  private final GraphRun graph;
  private final Tensor proprioception;
  private final Tensor imagined;
  private final Tensor out;
  private final int[] own; // where in the observation each value of the actor's own input stands
  private final Scaling observation;
  private final Scaling frames;
  private final Scaling actions;
  private final double[] actionMin;
  private final double[] actionMax;
  private final @Nullable PrefixInput prefix;

  /** Opens the actor of {@code bundle}, which must stay open as long as this. */
  public OnnxActor(Bundle bundle, OrtRuntime ort, ProviderChoice choice) {
    Manifest manifest = bundle.manifest();
    spec = manifest.spec();
    own = spec.placesOf(spec.proprioception());
    actionMin = manifest.jointRanges().stream().mapToDouble(Manifest.Range::min).toArray();
    actionMax = manifest.jointRanges().stream().mapToDouble(Manifest.Range::max).toArray();
    graph =
        GraphRun.open(
            bundle,
            Bundle.Half.ACTOR,
            ort,
            choice,
            PrefixInput.beside(
                Map.of(
                    "proprioception",
                    new long[] {1, own.length},
                    "imagined",
                    new long[] {1, spec.frameSteps().size(), spec.frameWidth()}),
                manifest.prefixSteps(),
                spec.joints().size()),
            List.of(),
            Map.of("actions", new long[] {1, spec.chunkSteps(), spec.joints().size()}));
    proprioception = graph.tensor("proprioception");
    imagined = graph.tensor("imagined");
    out = graph.tensor("actions");
    observation = bundle.statistics().observation();
    frames = bundle.statistics().imagined();
    actions = bundle.statistics().action();
    int steps = manifest.prefixSteps();
    prefix = steps == 0 ? null : new PrefixInput(graph, steps, spec.joints().size(), actions);
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  /** Keeps what {@link dev.forearm.runtime.policy.Policy#commit} tells, for the next plan. */
  void commit(double[] committed, int steps) {
    if (prefix != null) {
      prefix.commit(committed, steps);
    }
  }

  @Override
  public void act(float[] values, float[] future, double[] chunk) {
    for (int i = 0; i < future.length; i++) {
      imagined.setFloat(i, frames.normalised(values, i, future[i]));
    }
    act(values, chunk);
  }

  /** As {@link #act}, on what a world model imagined last, as its graph gave it if it can be. */
  void act(float[] values, OnnxWorldModel dreamer, float[] future, double[] chunk) {
    if (dreamer.frames().sameAs(frames)) {
      imagined.copyFrom(dreamer.normalised());
      act(values, chunk);
    } else {
      act(values, future, chunk);
    }
  }

  private void act(float[] values, double[] chunk) {
    for (int i = 0; i < own.length; i++) {
      proprioception.setFloat(i, observation.normalised(values, own[i], values[own[i]]));
    }
    if (prefix != null) {
      prefix.show(values);
    }
    graph.run();
    for (int i = 0; i < chunk.length; i++) {
      chunk[i] = actions.physical(values, i, out.getFloat(i));
    }
  }

  /** Keeps each joint within the range that the bundle gives it. */
  @Override
  public void confine(double[] chunk) {
    for (int i = 0; i < chunk.length; i++) {
      int joint = i % actionMin.length;
      chunk[i] = Math.clamp(chunk[i], actionMin[joint], actionMax[joint]);
    }
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
