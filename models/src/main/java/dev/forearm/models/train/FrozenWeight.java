package dev.forearm.models.train;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A large weight that is not trained. It stays outside of the training graph's bytes and is handed
 * to the session in memory.
 *
 * @param tensor type and shape
 * @param memory its elements, aligned
 */
record FrozenWeight(HostTensor tensor, MemorySegment memory) {
  /** Smaller constants stay inside: they cost more to hand over than to copy. */
  private static final int LARGE_BYTES = 1 << 14;

  private static final int ALIGNMENT_BYTES = 64;

  /** The large initializers of a graph by name, in its order. */
  static Map<String, FrozenWeight> of(Graph graph) {
    Map<String, FrozenWeight> large = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach((name, value) -> {
          if (value.data().capacity() >= LARGE_BYTES) {
            large.put(name, of(value));
          }
        });
    return large;
  }

  /** Where the weight lies, in a mapped file for example, if aligned; else in a copy that is. */
  @SuppressWarnings("MustBeClosedChecker") // the garbage collector frees it
  private static FrozenWeight of(HostTensor tensor) {
    MemorySegment data = MemorySegment.ofBuffer(tensor.data());
    if (data.isNative() && data.address() % tensor.type().bytes() == 0) {
      return new FrozenWeight(tensor, data);
    }
    MemorySegment copy = Arena.ofAuto().allocate(data.byteSize(), ALIGNMENT_BYTES);
    return new FrozenWeight(tensor, copy.copyFrom(data));
  }

  /** As ONNX Runtime knows it; to be closed after the session. */
  Tensor wrap(OrtRuntime runtime) {
    return runtime.wrap(memory, tensor.type(), tensor.dims());
  }
}
