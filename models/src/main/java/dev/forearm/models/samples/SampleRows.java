package dev.forearm.models.samples;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.Statistics;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.runtime.policy.PolicySpec;
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
  private final Statistics statistics;

  public SampleRows(Manifest manifest, Statistics statistics) {
    spec = manifest.spec();
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

  private static int[] all(int width) {
    return IntStream.range(0, width).toArray();
  }
}
