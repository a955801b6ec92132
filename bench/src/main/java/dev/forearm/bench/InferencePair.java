package dev.forearm.bench;

import dev.forearm.bench.ffi.InferenceInC;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.Binding;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * One small policy called from Java and from C, on the same ONNX Runtime library with the same
 * options, in turns: what calling it through {@code java.lang.foreign} costs.
 */
final class InferencePair {
  private static final int ROUNDS = 600;
  private static final int WARM_UP = 100;
  private static final int RUNS = 50;
  private static final int INPUT = 64;
  private static final int OUTPUT = 24;

  private InferencePair() {}

  static void measure(Path folder, Map<String, Double> values)
      throws IOException, InterruptedException {
    Path graph = folder.resolve("policy.onnx");
    OnnxWriter.write(policy().o.graph(), graph);
    Path library =
        CCompiler.compile(InferencePair.class, "inference.c", folder, "-shared", "-fPIC", "-ldl");
    OrtRuntime ort = OrtRuntime.shared();
    try (InferenceSession session = ort.open(graph, new SessionOptions());
        Tensor x = ort.allocate(ElementType.FLOAT32, 1, INPUT);
        Tensor y = ort.allocate(ElementType.FLOAT32, 1, OUTPUT);
        Tensor inC = ort.allocate(ElementType.FLOAT32, 1, OUTPUT);
        Binding binding = session.bind().input("x", x).output("y", y)) {
      for (int i = 0; i < INPUT; i++) {
        x.setFloat(i, (float) Math.sin(i));
      }
      InferenceInC peer =
          InferenceInC.open(library, ort.library(), graph, x.memory(), inC.memory());
      double[] ours = new double[ROUNDS];
      double[] theirs = new double[ROUNDS];
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        double here = nanos(binding);
        double there = (double) peer.nanos(RUNS) / RUNS;
        if (round >= 0) {
          ours[round] = here;
          theirs[round] = there;
        }
      }
      if (y.memory().mismatch(inC.memory()) >= 0) {
        throw new IllegalStateException("the policy gives another result when called from C");
      }
      values.put("inference_us", median(ours) / 1e3);
      values.put("c_inference_us", median(theirs) / 1e3);
      values.put("inference_ratio_c", median(ours) / median(theirs));
    }
  }

  private static double nanos(Binding binding) {
    long began = System.nanoTime();
    for (int i = 0; i < RUNS; i++) {
      binding.run();
    }
    return (double) (System.nanoTime() - began) / RUNS;
  }

  private static Layers policy() {
    Layers layers = new Layers("policy");
    String x = layers.o.input("x", TensorType.of(ElementType.FLOAT32, 1, INPUT));
    x = layers.o.op("Tanh", layers.linear("0", x, INPUT, 256));
    x = layers.o.op("Tanh", layers.linear("1", x, 256, 240));
    layers.o.output("y", layers.linear("2", x, 240, OUTPUT));
    return layers;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
