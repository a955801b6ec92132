package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The small training graph of models/export/goldens/hand_graph.py with weights and examples. */
final class HandGraph {
  static final int INPUT = 6;
  static final int HIDDEN = 10;
  static final int OUTPUT = 3;

  private HandGraph() {}

  static byte[] onnx() {
    return resource("hand.train.onnx");
  }

  static TrainingGraph read() {
    return with(onnx());
  }

  static TrainingGraph with(byte[] onnx) {
    RandomGenerator random = new Random(5);
    Map<String, MemorySegment> weights = new LinkedHashMap<>();
    weights.put("W1", normal(random, INPUT * HIDDEN));
    weights.put("b1", normal(random, HIDDEN));
    weights.put("W2", normal(random, HIDDEN * OUTPUT));
    weights.put("b2", normal(random, OUTPUT));
    return new TrainingGraph("hand", onnx, weights);
  }

  static RowStore rows(String name, int rows, long seed) {
    RandomGenerator random = new Random(seed);
    return store(
        name, Map.of("x", normal(random, rows, INPUT), "target", normal(random, rows, OUTPUT)));
  }

  /** A store of arrays as they are. */
  static RowStore store(String name, Map<String, HostTensor> arrays) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    arrays.forEach((input, array) -> types.put(input, array.tensorType()));
    return RowStore.of(name, arrays, types);
  }

  private static HostTensor normal(RandomGenerator random, int rows, int width) {
    float[] values = normal(random, rows * width).toArray(JAVA_FLOAT);
    return HostTensor.ofFloats(new long[] {rows, width}, values);
  }

  static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(HandGraph.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static MemorySegment normal(RandomGenerator random, int count) {
    MemorySegment values = Arena.ofAuto().allocate(JAVA_FLOAT, count);
    for (int i = 0; i < count; i++) {
      values.setAtIndex(JAVA_FLOAT, i, (float) (0.5 * random.nextGaussian()));
    }
    return values;
  }
}
