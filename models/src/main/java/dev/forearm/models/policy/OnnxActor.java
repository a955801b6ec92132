package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.bundle.Statistics.Normal;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.runtime.policy.Actor;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.Map;

/**
 * The actor's graph: {@code proprioception [1, width]} and {@code imagined [1, frames, width]} to
 * {@code actions [1, steps, joints]}, all normalised. Owned by the inference thread; allocates
 * nothing per call.
 *
 * <p>{@code action = (observed joint position, if the bundle's actions are differences) + mean +
 * std * out}.
 */
public final class OnnxActor implements Actor, AutoCloseable {
  private final PolicySpec spec;
  private final GraphRun graph;
  private final Tensor proprioception;
  private final Tensor imagined;
  private final Tensor out;
  private final Normal observation;
  private final Normal frames;
  private final Normal actions;
  private final boolean imaginedRelative;
  private final boolean actionRelative;

  /** Place in the observation of each value of the actor's own input, of a frame, of a joint. */
  private final int[] own;

  private final int[] observed;
  private final int[] joints;

  private final double[] actionMin;
  private final double[] actionMax;

  /** Opens the actor of {@code bundle}, which must stay open as long as this. */
  public OnnxActor(Bundle bundle, OrtRuntime ort, SessionOptions options) {
    Manifest manifest = bundle.manifest();
    spec = manifest.spec();
    own = spec.placesOf(spec.proprioception());
    observed = spec.placesOf(spec.imagined());
    joints = spec.placesOfSource("joint_position");
    actionMin = manifest.jointRanges().stream().mapToDouble(Manifest.Range::min).toArray();
    actionMax = manifest.jointRanges().stream().mapToDouble(Manifest.Range::max).toArray();
    imaginedRelative = manifest.imaginedRelative();
    actionRelative = manifest.actionRelative();
    if (actionRelative && joints.length != spec.joints().size()) {
      throw new ModelsFault(
          "bundle %s: actions are relative to joint_position, found %d observed joint positions, wanted %d; add the feature or set relative_to: nothing"
              .formatted(bundle.location(), joints.length, spec.joints().size()));
    }
    graph =
        new GraphRun(
            bundle,
            Bundle.Half.ACTOR,
            ort,
            options,
            Map.of(
                "proprioception",
                new long[] {1, own.length},
                "imagined",
                new long[] {1, spec.frameSteps().size(), spec.frameWidth()}),
            Map.of("actions", new long[] {1, spec.chunkSteps(), spec.joints().size()}));
    proprioception = graph.tensor("proprioception");
    imagined = graph.tensor("imagined");
    out = graph.tensor("actions");
    observation = bundle.statistics().observation();
    frames = bundle.statistics().imagined();
    actions = bundle.statistics().action();
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void act(float[] values, float[] future, double[] chunk) {
    for (int i = 0; i < own.length; i++) {
      int at = own[i];
      proprioception.setFloat(i, (values[at] - observation.mean()[at]) / observation.std()[at]);
    }
    for (int i = 0; i < future.length; i++) {
      float value =
          imaginedRelative ? future[i] - values[observed[i % observed.length]] : future[i];
      imagined.setFloat(i, (value - frames.mean()[i]) / frames.std()[i]);
    }
    graph.run();
    for (int i = 0; i < chunk.length; i++) {
      int joint = i % actionMin.length;
      double value = actions.mean()[i] + actions.std()[i] * out.getFloat(i);
      double action = actionRelative ? values[joints[joint]] + value : value;
      chunk[i] = Math.clamp(action, actionMin[joint], actionMax[joint]);
    }
  }

  /** Runs the graph on normalised values as they are. */
  void runRaw(float[] normalised, float[] normalisedFuture, float[] result) {
    for (int i = 0; i < own.length; i++) {
      proprioception.setFloat(i, normalised[own[i]]);
    }
    imagined.copyFrom(normalisedFuture);
    graph.run();
    out.copyTo(result);
  }

  @Override
  public void close() {
    graph.close();
  }
}
