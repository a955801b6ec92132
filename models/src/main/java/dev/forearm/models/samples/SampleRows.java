package dev.forearm.models.samples;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.Statistics;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Samples as rows for a bundle's graphs, normalised as the runtime does it, under the names of the
 * graph's inputs. Immutable.
 */
public final class SampleRows {
  private final PolicySpec spec;
  private final int prefix;
  private final Statistics statistics;

  public SampleRows(Manifest manifest, Statistics statistics) {
    spec = manifest.spec();
    prefix = manifest.prefixSteps();
    this.statistics = statistics;
  }

  /**
   * Rows for a graph.
   *
   * <pre>
   *   world model  observation [rows, width]                        target [rows, frame, feature]
   *   actor        proprioception [rows, width]
   *                imagined [rows, frame, feature], what followed   target [rows, step, joint]
   * </pre>
   *
   * <p>An actor that is told of committed actions gets {@code prefix} and {@code prefix_mask} as
   * well: the first of each chunk's own, from none to all that it can be told of in turn, as if
   * inference had taken so long (training-time action conditioning, <a
   * href="https://arxiv.org/abs/2512.05964">Black et al., 2025</a>).
   *
   * @param samples at least one
   */
  public Map<String, HostTensor> of(Half half, List<PlanSample> samples) {
    Map<String, HostTensor> rows = new LinkedHashMap<>();
    switch (half) {
      case WORLD_MODEL -> {
        rows.put("observation", observed(samples, all(spec.observationWidth())));
        rows.put("target", frames(samples));
      }
      case ACTOR -> {
        rows.put("proprioception", observed(samples, spec.placesOf(spec.proprioception())));
        rows.put("imagined", frames(samples));
        rows.put("target", chunks(samples));
        if (prefix > 0) {
          commit(rows, samples);
        }
      }
    }
    return rows;
  }

  /**
   * Rows for an actor with what a world model imagines in place of what followed.
   *
   * @param bundle whose world model, with the same statistics
   */
  public Map<String, HostTensor> imaginedBy(Bundle bundle, List<PlanSample> samples) {
    Map<String, HostTensor> rows = new LinkedHashMap<>(of(Half.ACTOR, samples));
    HostTensor seen = Objects.requireNonNull(of(Half.WORLD_MODEL, samples).get("observation"));
    rows.put("imagined", ImaginedFutures.of(bundle, seen));
    return rows;
  }

  private HostTensor observed(List<PlanSample> samples, int[] places) {
    Scaling scaling = statistics.observation();
    float[] values = new float[Math.multiplyExact(samples.size(), places.length)];
    int at = 0;
    for (PlanSample sample : samples) {
      float[] seen = sample.observation();
      for (int place : places) {
        values[at++] = scaling.normalised(seen, place, seen[place]);
      }
    }
    return HostTensor.ofFloats(new long[] {samples.size(), places.length}, values);
  }

  private HostTensor frames(List<PlanSample> samples) {
    Scaling scaling = statistics.imagined();
    float[] values = new float[Math.multiplyExact(samples.size(), scaling.width())];
    int at = 0;
    for (PlanSample sample : samples) {
      for (int i = 0; i < scaling.width(); i++) {
        values[at++] = scaling.normalised(sample.observation(), i, sample.frames()[i]);
      }
    }
    return HostTensor.ofFloats(
        new long[] {samples.size(), spec.frameSteps().size(), spec.frameWidth()}, values);
  }

  private HostTensor chunks(List<PlanSample> samples) {
    Scaling scaling = statistics.action();
    float[] values = new float[Math.multiplyExact(samples.size(), scaling.width())];
    int at = 0;
    for (PlanSample sample : samples) {
      for (int i = 0; i < scaling.width(); i++) {
        values[at++] = scaling.normalised(sample.observation(), i, (float) sample.chunk()[i]);
      }
    }
    return HostTensor.ofFloats(
        new long[] {samples.size(), spec.chunkSteps(), spec.joints().size()}, values);
  }

  private void commit(Map<String, HostTensor> rows, List<PlanSample> samples) {
    Scaling scaling = statistics.action();
    int joints = spec.joints().size();
    float[] actions = new float[Math.multiplyExact(samples.size(), prefix * joints)];
    float[] mask = new float[samples.size() * prefix];
    for (int row = 0; row < samples.size(); row++) {
      PlanSample sample = samples.get(row);
      int steps = row % (prefix + 1);
      for (int i = 0; i < steps * joints; i++) {
        actions[row * prefix * joints + i] =
            scaling.normalised(sample.observation(), i, (float) sample.chunk()[i]);
      }
      Arrays.fill(mask, row * prefix, row * prefix + steps, 1);
    }
    rows.put("prefix", HostTensor.ofFloats(new long[] {samples.size(), prefix, joints}, actions));
    rows.put("prefix_mask", HostTensor.ofFloats(new long[] {samples.size(), prefix}, mask));
  }

  private static int[] all(int width) {
    return IntStream.range(0, width).toArray();
  }
}
