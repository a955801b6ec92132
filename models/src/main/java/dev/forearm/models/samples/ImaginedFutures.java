package dev.forearm.models.samples;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/**
 * What a bundle's world model imagines from observations: the future that its actor meets when it
 * runs, in place of the one that came about.
 */
public final class ImaginedFutures {
  /** Rows at once where the graph leaves the batch open. */
  private static final int MOST_ROWS = 256;

  private ImaginedFutures() {}

  /**
   * Imagines.
   *
   * @param observations [rows, width], normalised
   * @return [rows, frame, feature], normalised
   * @throws ModelsFault if the world model takes neither one row nor any number
   */
  public static HostTensor of(Bundle bundle, HostTensor observations) {
    OrtRuntime ort = OrtRuntime.shared();
    try (InferenceSession session =
        bundle.open(ort, Bundle.Half.WORLD_MODEL, new SessionOptions())) {
      long fixed = session.input("observation").dimensions().getFirst();
      if (fixed > 1) {
        throw new ModelsFault(
            "%s: wants %s rows at once, wanted 1 or any number; export it with an open batch"
                .formatted(session.name(), fixed));
      }
      if (session.inputs().size() > 1) {
        throw new ModelsFault(
            "%s: takes %s, wanted an observation alone; a world model with state or noise has no one future for a row"
                .formatted(session.name(), session.inputs()));
      }
      List<Long> frame = List.of();
      int rows = (int) observations.dims()[0];
      int width = (int) observations.dims()[1];
      float[] seen = observations.floats();
      float[] imagined = new float[0];
      for (int row = 0; row < rows; ) {
        int count = fixed == 1 ? 1 : Math.min(MOST_ROWS, rows - row);
        try (Tensor in =
                ort.wrap(
                    copy(seen, row * width, count * width),
                    ElementType.FLOAT32,
                    new long[] {count, width});
            Tensor out = session.run(Map.of("observation", in)).get("imagined")) {
          if (out == null) {
            throw new ModelsFault(session.name() + ": gives no 'imagined'; export it again");
          }
          float[] part = out.memory().toArray(ValueLayout.JAVA_FLOAT);
          if (row == 0) {
            frame = out.shape().subList(1, out.shape().size());
            imagined = new float[Math.multiplyExact(part.length / count, rows)];
          }
          System.arraycopy(part, 0, imagined, row * (part.length / count), part.length);
        }
        row += count;
      }
      long[] dims = new long[frame.size() + 1];
      dims[0] = rows;
      for (int i = 0; i < frame.size(); i++) {
        dims[i + 1] = frame.get(i);
      }
      return HostTensor.ofFloats(dims, imagined);
    }
  }

  private static MemorySegment copy(float[] values, int at, int count) {
    MemorySegment memory = Arena.ofAuto().allocate(count * 4L, 64);
    MemorySegment.copy(values, at, memory, ValueLayout.JAVA_FLOAT, 0, count);
    return memory;
  }
}
