package dev.forearm.models.train;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The optimizer step of {@link HostUpdate} as an ONNX graph, for parameters that live on a device.
 *
 * <pre>
 *   in:  weights.N  gradient.N  state.0.N  state.1.N  average.N     for each parameter N
 *        scale  rate  momentum  step_size  correction  shrink       scalars, those the rule needs
 *   out: new.weights.N  new.state.0.N  new.state.1.N  new.average.N  norm
 * </pre>
 */
final class UpdateGraph {
  static final String NEW = "new.";
  static final String WEIGHTS = "weights.";
  static final String GRADIENT = "gradient.";
  static final String AVERAGE = "average.";
  static final String NORM = "norm";
  static final String SCALE = "scale";
  static final String RATE = "rate";
  static final String MOMENTUM = "momentum";
  static final String STEP_SIZE = "step_size";
  static final String CORRECTION = "correction";
  static final String SHRINK = "shrink";

  private static final int OPSET = 20;
  private static final long[] SCALAR = {};

  private final Graph graph = new Graph("optimizer", OPSET);
  private final TrainingSettings settings;
  private int count;

  private UpdateGraph(TrainingSettings settings) {
    this.settings = settings;
  }

  static String state(int index) {
    return "state." + index + ".";
  }

  /** One step over all parameters. */
  static Graph step(ParameterLayout layout, TrainingSettings settings) {
    UpdateGraph update = new UpdateGraph(settings);
    for (ParameterLayout.Slot slot : layout.slots()) {
      update.input(WEIGHTS, slot);
      update.input(GRADIENT, slot);
    }
    String factor = update.factor(layout);
    for (ParameterLayout.Slot slot : layout.slots()) {
      update.parameter(slot, factor);
    }
    return update.graph;
  }

  /** {@code new.sum.N = sum.N + gradient.N}. */
  static Graph accumulate(ParameterLayout layout, TrainingSettings settings) {
    UpdateGraph update = new UpdateGraph(settings);
    for (ParameterLayout.Slot slot : layout.slots()) {
      String sum = update.input("sum.", slot);
      update.output("sum.", slot, update.op("Add", sum, update.input(GRADIENT, slot)));
    }
    return update.graph;
  }

  /** Gives the norm, and what gradients are multiplied with: a micro-batch's share, clipped. */
  private String factor(ParameterLayout layout) {
    String scale = scalarInput(SCALE);
    List<String> squares = new ArrayList<>();
    for (ParameterLayout.Slot slot : layout.slots()) {
      String square = next();
      graph
          .nodes()
          .add(
              new Node(
                  "ReduceSumSquare",
                  "",
                  "",
                  List.of(GRADIENT + slot.name()),
                  List.of(square),
                  Map.of("keepdims", Attribute.of(0L))));
      squares.add(square);
    }
    String norm = op("Mul", op("Sqrt", op("Sum", squares.toArray(String[]::new))), scale);
    graph.nodes().add(node("Identity", NORM, norm));
    graph.outputs().put(NORM, TensorType.of(ElementType.FLOAT32));
    if (settings.clipNorm() == 0) {
      return scale;
    }
    String ratio =
        op(
            "Div",
            constant((float) settings.clipNorm()),
            op("Add", norm, constant((float) HostEngine.CLIP_EPSILON)));
    return op("Mul", scale, op("Min", ratio, constant(1)));
  }

  private void parameter(ParameterLayout.Slot slot, String factor) {
    String gradient = op("Mul", GRADIENT + slot.name(), factor);
    String moved =
        switch (settings.optimizer()) {
          case Optimizer.Sgd sgd -> sgd(sgd, slot, decayed(gradient, slot, sgd.weightDecay()));
          case Optimizer.Adam adam ->
              adam(
                  AdamTerms.of(adam.beta1(), adam.beta2(), adam.epsilon(), 1, 1),
                  slot,
                  decayed(gradient, slot, adam.weightDecay()),
                  WEIGHTS + slot.name());
          case Optimizer.AdamW adam ->
              adam(
                  AdamTerms.of(adam.beta1(), adam.beta2(), adam.epsilon(), 1, 1),
                  slot,
                  gradient,
                  op("Mul", WEIGHTS + slot.name(), scalarInput(SHRINK)));
        };
    output(WEIGHTS, slot, moved);
    if (settings.averageDecay() > 0) {
      String average = input(AVERAGE, slot);
      String share = constant((float) (1 - settings.averageDecay()));
      output(AVERAGE, slot, op("Add", average, op("Mul", share, op("Sub", moved, average))));
    }
  }

  private String decayed(String gradient, ParameterLayout.Slot slot, double decay) {
    return decay == 0
        ? gradient
        : op("Add", gradient, op("Mul", WEIGHTS + slot.name(), constant((float) decay)));
  }

  private String sgd(Optimizer.Sgd rule, ParameterLayout.Slot slot, String slope) {
    String move = slope;
    if (rule.momentum() > 0) {
      String buffer = op("Add", op("Mul", input(state(0), slot), scalarInput(MOMENTUM)), slope);
      output(state(0), slot, buffer);
      String ahead = constant((float) rule.momentum());
      move = rule.nesterov() ? op("Add", slope, op("Mul", buffer, ahead)) : buffer;
    }
    return op("Sub", WEIGHTS + slot.name(), op("Mul", move, scalarInput(RATE)));
  }

  private String adam(AdamTerms terms, ParameterLayout.Slot slot, String slope, String start) {
    String mean =
        op(
            "Add",
            op("Mul", input(state(0), slot), constant(terms.beta1())),
            op("Mul", slope, constant(terms.rest1())));
    String square =
        op(
            "Add",
            op("Mul", input(state(1), slot), constant(terms.beta2())),
            op("Mul", op("Mul", slope, slope), constant(terms.rest2())));
    output(state(0), slot, mean);
    output(state(1), slot, square);
    String root =
        op(
            "Add",
            op("Mul", op("Sqrt", square), scalarInput(CORRECTION)),
            constant(terms.epsilon()));
    return op("Sub", start, op("Div", op("Mul", mean, scalarInput(STEP_SIZE)), root));
  }

  private String input(String prefix, ParameterLayout.Slot slot) {
    String name = prefix + slot.name();
    graph.inputs().put(name, type(slot));
    return name;
  }

  private void output(String prefix, ParameterLayout.Slot slot, String value) {
    String name = NEW + prefix + slot.name();
    graph.nodes().add(node("Identity", name, value));
    graph.outputs().put(name, type(slot));
  }

  private String scalarInput(String name) {
    graph.inputs().put(name, TensorType.of(ElementType.FLOAT32));
    return name;
  }

  private String constant(float value) {
    String name = "constant." + value;
    graph.initializers().put(name, HostTensor.ofFloats(SCALAR, value));
    return name;
  }

  private String op(String operator, String... inputs) {
    String result = next();
    graph.nodes().add(node(operator, result, inputs));
    return result;
  }

  private String next() {
    return "value." + count++;
  }

  private static Node node(String operator, String output, String... inputs) {
    return new Node(operator, "", "", List.of(inputs), List.of(output), Map.of());
  }

  private static TensorType type(ParameterLayout.Slot slot) {
    return TensorType.of(
        ElementType.FLOAT32, slot.shape().stream().mapToLong(Long::longValue).toArray());
  }
}
