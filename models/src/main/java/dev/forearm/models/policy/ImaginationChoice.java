package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.HostBinding;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.train.SplitMix;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.Optional;

/**
 * Chooses among several imaginations: the world model's own, and departures from it, as far from it
 * as what followed has been. Each is scored, and the best is kept for some plans: the same
 * departure from whatever the world model then imagines. By a graph of the bundle:
 *
 * <pre>
 *   observation [1, width]          normalised
 *   imagined [1, frame, feature]    normalised
 *   drawn [imaginations]            int64: rows of departures
 *   score [imaginations]            the more, the better
 *   departures                      initializer [row, frame * feature], normalised; row 0 is zeros
 * </pre>
 *
 * Which rows are drawn follows from the episode's seed and the plan's number. Owned by the
 * inference thread; allocates nothing per call.
 */
public final class ImaginationChoice implements AutoCloseable {
  /** The initializer of departures. */
  public static final String DEPARTURES = "departures";

  private final InferenceSession session;
  private final HostBinding binding;
  private final Tensor observation;
  private final Tensor imagined;
  private final Tensor drawn;
  private final Tensor score;
  private final Scaling observed;
  private final Scaling frames;
  private final float[] departures;
  private final long[] rows;
  private final int plans;
  private int kept;

  /** That of a bundle, if it has one. The bundle stays open as long as this. */
  static Optional<ImaginationChoice> of(Bundle bundle, OrtRuntime ort) {
    return bundle.choice().map(graph -> new ImaginationChoice(bundle, graph, ort));
  }

  private ImaginationChoice(Bundle bundle, Graph graph, OrtRuntime ort) {
    PolicySpec spec = bundle.manifest().spec();
    observed = bundle.statistics().observation();
    frames = bundle.statistics().imagined();
    plans = bundle.manifest().choice().orElseThrow().plans();
    HostTensor departing = graph.initializers().get(DEPARTURES);
    if (departing == null || departing.dims()[1] != frames.width() || departing.dims()[0] < 2) {
      throw new ModelsFault(
          "bundle %s: choice: found %s as '%s', wanted rows of %s values; learn it again"
              .formatted(bundle.location(), departing, DEPARTURES, frames.width()));
    }
    departures = departing.floats();
    session = ort.open(graph.source(), OnnxWriter.bytes(graph), new SessionOptions());
    rows = new long[Math.toIntExact(session.input("drawn").dimensions().getFirst())];
    binding = new HostBinding(session);
    observation = binding.input("observation", ElementType.FLOAT32, 1, observed.width());
    imagined =
        binding.input(
            "imagined", ElementType.FLOAT32, 1, spec.frameSteps().size(), spec.frameWidth());
    drawn = binding.input("drawn", ElementType.INT64, rows.length);
    score = binding.output("score", ElementType.FLOAT32, rows.length);
    binding.run(); // its first time is not the policy's
  }

  /** An episode begins. */
  void restart() {
    kept = 0;
  }

  /** The row of departures that is kept; 0 is none. */
  int kept() {
    return kept;
  }

  /** Goes on with a row that was kept. */
  void keep(int row) {
    kept = row;
  }

  /**
   * Departs from what was imagined, once it has chosen anew where that is due.
   *
   * @param seed of the episode
   * @param plan number of the plan since it began
   * @param seen observation, physical units
   * @param future imagined frames, physical units; changed
   */
  void depart(long seed, long plan, float[] seen, float[] future) {
    if (plan % plans == 0) {
      choose(SplitMix.bits(seed, ~plan), seen, future);
    }
    int at = kept * future.length;
    for (int i = 0; i < future.length; i++) {
      float normalised = frames.normalised(seen, i, future[i]) + departures[at + i];
      future[i] = (float) frames.physical(seen, i, normalised);
    }
  }

  private void choose(long key, float[] seen, float[] future) {
    for (int i = 0; i < seen.length; i++) {
      observation.setFloat(i, observed.normalised(seen, i, seen[i]));
    }
    for (int i = 0; i < future.length; i++) {
      imagined.setFloat(i, frames.normalised(seen, i, future[i]));
    }
    int departing = departures.length / future.length - 1;
    for (int i = 1; i < rows.length; i++) { // the first is the world model's own
      rows[i] = 1 + Long.remainderUnsigned(SplitMix.bits(key, i), departing);
    }
    drawn.copyFrom(rows);
    binding.run();
    int best = 0;
    for (int i = 1; i < rows.length; i++) {
      if (score.getFloat(i) > score.getFloat(best)) {
        best = i;
      }
    }
    kept = (int) rows[best];
  }

  @Override
  public void close() {
    binding.close();
    session.close();
  }
}
