package dev.forearm.models.grad;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A graph opened for checks: host tensors in, host tensors out, nothing fast. One thread. */
public final class HostRun implements AutoCloseable {
  private final OrtRuntime runtime = OrtRuntime.shared();
  private final InferenceSession session;

  /** Opens a graph; close it afterwards. */
  public HostRun(Graph graph) {
    this(graph, new SessionOptions());
  }

  /** Opens a graph with given options. */
  public HostRun(Graph graph, SessionOptions options) {
    session = runtime.open(graph.source(), OnnxWriter.bytes(graph), options);
  }

  /** Runs once: values by input name to values by output name. */
  public Map<String, HostTensor> run(Map<String, HostTensor> feeds) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    try {
      feeds.forEach((name, value) -> inputs.put(name, tensor(value)));
      Map<String, HostTensor> results = new LinkedHashMap<>();
      session
          .run(inputs)
          .forEach((name, value) -> {
            try (value) {
              results.put(name, host(value));
            }
          });
      return results;
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  private Tensor tensor(HostTensor value) {
    Tensor tensor = runtime.allocate(value.type(), value.dims());
    tensor.memory().copyFrom(MemorySegment.ofBuffer(value.data()));
    return tensor;
  }

  private static HostTensor host(Tensor value) {
    long[] dims = value.shape().stream().mapToLong(Long::longValue).toArray();
    byte[] bytes = value.memory().toArray(ValueLayout.JAVA_BYTE);
    ElementType type = value.type();
    return HostTensor.of(type, dims, ByteBuffer.wrap(bytes));
  }

  @Override
  public void close() {
    session.close();
  }
}
