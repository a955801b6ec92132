package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.ort.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * ONNX that computes a loss and its gradients: output {@code loss} is one float32, and every output
 * {@code grad.NAME} is the gradient of the parameter that the input {@code NAME} takes. All other
 * inputs are data.
 */
public final class TrainingGraph {
  /** The output that training makes small. */
  public static final String LOSS = TrainableGraph.LOSS;

  /** What a gradient's output is called: this and the parameter's name. */
  public static final String GRADIENT_PREFIX = TrainableGraph.GRADIENT;

  private static final String UNNAMED_LOSS = "its own";

  private final String name;
  private final String loss;
  private final byte[] onnx;
  private final Map<String, MemorySegment> weights;
  private final Map<String, FrozenWeight> frozen;
  private final Supplier<TrainableGraph> parsed;

  /**
   * @param name what messages call it
   * @param onnx the model; not copied
   * @param weights first value of each parameter by name: float32, row-major, native byte order
   */
  public TrainingGraph(String name, byte[] onnx, Map<String, MemorySegment> weights) {
    this(name, UNNAMED_LOSS, onnx, weights, Map.of(), () -> parse(name, onnx));
  }

  private TrainingGraph(
      String name,
      String loss,
      byte[] onnx,
      Map<String, MemorySegment> weights,
      Map<String, FrozenWeight> frozen,
      Supplier<TrainableGraph> parsed) {
    this.name = name;
    this.loss = loss;
    this.onnx = onnx;
    this.weights = Map.copyOf(weights);
    this.frozen = Map.copyOf(frozen);
    this.parsed = parsed;
  }

  private static TrainableGraph parse(String name, byte[] onnx) {
    Graph graph = OnnxReader.read(Path.of(name), ByteBuffer.wrap(onnx));
    return new TrainableGraph(graph, Map.of(), List.of());
  }

  /** As {@link #of(TrainableGraph, String)}, for a loss that has no name. */
  public static TrainingGraph of(TrainableGraph derived) {
    return of(derived, UNNAMED_LOSS);
  }

  /**
   * Takes over what {@code grad} derived, with the weights the graph was exported with.
   *
   * @param loss what was derived, in words: runs that continue each other have the same
   */
  public static TrainingGraph of(TrainableGraph derived, String loss) {
    Map<String, MemorySegment> weights = new LinkedHashMap<>();
    derived
        .parameters()
        .forEach((name, value) -> weights.put(name, MemorySegment.ofBuffer(value.data())));
    Map<String, FrozenWeight> frozen = FrozenWeight.of(derived.graph());
    byte[] onnx = OnnxWriter.bytes(derived.graph(), frozen.keySet());
    return new TrainingGraph(derived.graph().source(), loss, onnx, weights, frozen, () -> derived);
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** What is made small, in words. */
  String loss() {
    return loss;
  }

  /** The graph itself. */
  TrainableGraph parsed() {
    return parsed.get();
  }

  /**
   * The large weights that are not trained, to be closed after the session that {@link #open} makes
   * of them.
   */
  Map<String, Tensor> frozen(OrtRuntime runtime) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    frozen.forEach((weight, value) -> tensors.put(weight, value.wrap(runtime)));
    return tensors;
  }

  /** Builds a session of it, without checking that it is a training graph. */
  InferenceSession open(
      OrtRuntime runtime, Map<String, Tensor> frozenWeights, SessionOptions options) {
    return runtime.open(name, onnx, options.copy().external(frozenWeights));
  }

  /**
   * The parameters of an open session of such a graph, laid out in the order of their gradients.
   */
  static ParameterLayout layout(InferenceSession session) {
    TensorInfo loss = session.output(LOSS);
    if (loss.type() != ElementType.FLOAT32 || elements(loss) != 1) {
      throw new ModelsFault(
          "training graph %s: output %s, wanted one FLOAT32; reduce the loss to its mean"
              .formatted(session.name(), loss));
    }
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (TensorInfo output : session.outputs()) {
      if (output.name().startsWith(GRADIENT_PREFIX)) {
        TensorInfo input = session.input(output.name().substring(GRADIENT_PREFIX.length()));
        if (input.type() != ElementType.FLOAT32) {
          throw new ModelsFault(
              "training graph %s: parameter %s, wanted FLOAT32; export the weights as float32"
                  .formatted(session.name(), input));
        }
        shapes.put(input.name(), input.dimensions());
      }
    }
    return ParameterLayout.of(shapes);
  }

  /** The inputs that are not parameters. */
  static List<TensorInfo> dataInputs(InferenceSession session, ParameterLayout layout) {
    List<TensorInfo> data = new ArrayList<>(session.inputs());
    for (ParameterLayout.Slot slot : layout.slots()) {
      data.remove(session.input(slot.name()));
    }
    return data;
  }

  /** Writes the first values into a vector. */
  void initialise(ParameterVector vector) {
    for (ParameterLayout.Slot slot : vector.layout().slots()) {
      MemorySegment values = weights.get(slot.name());
      if (values == null || values.byteSize() != slot.count() * Float.BYTES) {
        throw new ModelsFault(
            "training graph %s: parameter '%s' has %s, wanted %s float32; give the weights the graph"
                    .formatted(
                        name,
                        slot.name(),
                        values == null ? "no value" : values.byteSize() + " bytes",
                        slot.count())
                + " was exported with");
      }
      vector.slice(slot).copyFrom(values);
    }
  }

  private static long elements(TensorInfo info) {
    return info.dimensions().stream().reduce(1L, (a, b) -> a * b);
  }
}
