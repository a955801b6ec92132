package dev.forearm.models.ort;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.models.ModelsFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors that are copied together, to or from a device. A run returns when all are complete and
 * allocates nothing in Java. One thread at a time.
 */
final class TensorCopies implements AutoCloseable {
  private static final long NO_STREAM = 0; // complete when the call returns

  private final OrtRuntime runtime;
  private final Arena arena = Arena.ofShared(); // made by one thread, perhaps closed by another
  private final MemorySegment sources;
  private final MemorySegment targets;
  private final List<Tensor> inUse = new ArrayList<>();

  /**
   * @param most how many there will be
   */
  TensorCopies(OrtRuntime runtime, int most) {
    this.runtime = runtime;
    sources = arena.allocate(JAVA_LONG, Math.max(1, most));
    targets = arena.allocate(JAVA_LONG, Math.max(1, most));
  }

  /**
   * Has {@code target} overwritten with {@code source}, of the same type and shape, in each run.
   *
   * @return for {@link #replace}
   */
  int add(Tensor source, Tensor target) {
    int index = inUse.size() / 2;
    inUse.add(source);
    inUse.add(target);
    sources.setAtIndex(JAVA_LONG, index, source.handle());
    targets.setAtIndex(JAVA_LONG, index, target.handle());
    return index;
  }

  /** Has another source of the same type and shape in the place of one that was added. */
  void replace(int index, Tensor source) {
    inUse.set(2 * index, source);
    sources.setAtIndex(JAVA_LONG, index, source.handle());
  }

  /**
   * @throws IllegalStateException if one of the tensors is closed
   */
  void run() {
    for (int i = 0; i < inUse.size(); i++) {
      long _ = inUse.get(i).handle();
    }
    long status =
        runtime.api().copyTensors(runtime.env(), sources, targets, NO_STREAM, inUse.size() / 2);
    if (status != 0) {
      throw new ModelsFault(
          "copy %s to or from a device: ONNX Runtime says: %s"
              .formatted(inUse, runtime.api().takeMessage(status)));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
