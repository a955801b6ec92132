package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * RNN, GRU and LSTM unrolled over time, both directions, both layouts, with the default
 * activations, and rows shorter than the rest: behind its end a row's output is 0 and its state
 * stays; read backwards, it begins at its end. Equations and gate orders: the ONNX operator
 * documentation.
 */
final class RecurrentLowering {
  private final Node node;
  private final GraphBuilder o;
  private final long hidden;
  private final long steps;
  private final boolean batchFirst;

  private RecurrentLowering(Node node, GraphBuilder o) {
    this.node = node;
    this.o = o;
    this.batchFirst = node.integer("layout", 0) == 1;
    Dim length = o.types().dims(node.input(0)).get(batchFirst ? 1 : 0);
    Dim size = o.types().dims(node.input(2)).get(2);
    if (!(length instanceof Dim.Known(long known))) {
      throw Lowering.refuse(
          o, node, "the sequence length " + length + " is known only at run time; export it fixed");
    }
    this.steps = known;
    this.hidden = size.orUnknown();
  }

  /** What the layer remembers between two steps; the cell is empty but for LSTM. */
  private record State(String hidden, String cell) {
    /** This where a condition holds, else another. */
    State where(String condition, State other, GraphBuilder o) {
      return new State(
          o.op("Where", condition, hidden, other.hidden()),
          cell.isEmpty() ? "" : o.op("Where", condition, cell, other.cell()));
    }
  }

  /** Weights of one direction: input to gates (transposed), state to gates (transposed), biases. */
  private record Weights(String input, String recurrent, String inputBias, String recurrentBias) {}

  static void lower(Node node, GraphBuilder o) {
    RecurrentLowering layer = new RecurrentLowering(node, o);
    layer.check();
    layer.unroll();
  }

  private void check() {
    boolean plain = node.integer("input_forget", 0) == 0 && !node.has("clip");
    if (!plain || node.hasInput(7)) {
      throw Lowering.refuse(
          o, node, "peepholes, clip and input_forget are not supported; export without them");
    }
    List<String> usual =
        switch (node.op()) {
          case "GRU" -> List.of("Sigmoid", "Tanh");
          case "LSTM" -> List.of("Sigmoid", "Tanh", "Tanh");
          default -> List.of("Tanh");
        };
    List<String> given = node.texts("activations");
    for (int i = 0; i < given.size() && !node.op().equals("RNN"); i++) {
      if (!given.get(i).equalsIgnoreCase(usual.get(i % usual.size()))) {
        throw Lowering.refuse(o, node, "found activations " + given + ", wanted " + usual);
      }
    }
  }

  private void unroll() {
    String x = batchFirst ? o.transpose(node.input(0), 1, 0, 2) : node.input(0);
    String direction = node.text("direction", "forward");
    int directions = direction.equals("bidirectional") ? 2 : 1;
    List<String> sequences = new ArrayList<>();
    List<String> lastHidden = new ArrayList<>();
    List<String> lastCell = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      boolean reverse = direction.equals("reverse") || d == 1;
      List<String> outputs = new ArrayList<>();
      State last = run(x, d, reverse, outputs);
      List<String> slots = new ArrayList<>();
      for (String output : outputs) {
        slots.add(o.unsqueeze(output, 0));
      }
      sequences.add(o.unsqueeze(o.concat(0, slots), 1));
      lastHidden.add(o.unsqueeze(last.hidden(), 0));
      lastCell.add(last.cell().isEmpty() ? "" : o.unsqueeze(last.cell(), 0));
    }
    String y = o.concat(1, sequences);
    publish(0, batchFirst ? o.transpose(y, 2, 0, 1, 3) : y);
    publish(1, state(lastHidden));
    if (node.op().equals("LSTM")) {
      publish(2, state(lastCell));
    }
  }

  private String state(List<String> directions) {
    String joined = o.concat(0, directions);
    return batchFirst ? o.transpose(joined, 1, 0, 2) : joined;
  }

  private void publish(int output, String value) {
    if (node.hasOutput(output)) {
      o.node("Identity", value).named(node.output(output));
    }
  }

  private State run(String x, int d, boolean reverse, List<String> outputs) {
    Weights w = weights(d);
    String projected = o.op("MatMul", x, w.input());
    if (!w.inputBias().isEmpty()) {
      projected = o.add(projected, w.inputBias());
    }
    long[] ones = new long[(int) steps];
    Arrays.fill(ones, 1);
    List<String> slices =
        steps == 1
            ? List.of(projected)
            : o.node("Split", projected, o.longs(ones)).with("axis", 0L).many((int) steps);
    State state = new State(initial(5, d, x), node.op().equals("LSTM") ? initial(6, d, x) : "");
    for (int i = 0; i < steps; i++) {
      int t = (int) (reverse ? steps - 1 - i : i);
      String gates = o.squeeze(slices.get(t), 0);
      State next =
          switch (node.op()) {
            case "GRU" -> gru(gates, state, w);
            case "LSTM" -> lstm(gates, state, w);
            default -> rnn(gates, state, w, d);
          };
      String output = next.hidden();
      if (node.hasInput(4)) {
        String within = within(t);
        output = o.mask(within, output);
        next = next.where(within, state, o);
      }
      state = next;
      if (reverse) {
        outputs.addFirst(output);
      } else {
        outputs.add(output);
      }
    }
    return state;
  }

  /** Whether each row reaches step t, [batch, 1]. */
  private String within(int t) {
    String lengths = node.input(4);
    return o.unsqueeze(o.op("Greater", lengths, o.number(t, lengths)), 1);
  }

  private Weights weights(int d) {
    String input = o.swap(direction(node.input(1), d));
    String recurrent = o.swap(direction(node.input(2), d));
    if (!node.hasInput(3)) {
      return new Weights(input, recurrent, "", "");
    }
    List<String> biases =
        o.node("Split", direction(node.input(3), d))
            .with("axis", 0L)
            .with("num_outputs", 2L)
            .many(2);
    return new Weights(input, recurrent, biases.get(0), biases.get(1));
  }

  /** One direction's part of a weight. */
  private String direction(String weight, int d) {
    return o.op("Gather", weight, o.index(d));
  }

  private String initial(int input, int d, String x) {
    if (node.hasInput(input)) {
      String given = node.input(input);
      return direction(batchFirst ? o.transpose(given, 1, 0, 2) : given, d);
    }
    return o.op("Expand", o.number(0, x), o.join(o.dim(x, 1), o.longs(hidden)));
  }

  private String recur(String h, String weight, String bias) {
    String product = o.op("MatMul", h, weight);
    return bias.isEmpty() ? product : o.add(product, bias);
  }

  private List<String> split(String gates, long... sizes) {
    return o.node("Split", gates, o.longs(sizes)).with("axis", -1L).many(sizes.length);
  }

  private State rnn(String gates, State state, Weights w, int d) {
    List<String> activations = node.texts("activations");
    String activation = activations.isEmpty() ? "Tanh" : activations.get(d % activations.size());
    if (!activation.equals("Tanh") && !activation.equals("Relu")) {
      throw Lowering.refuse(o, node, "found activation " + activation + ", wanted Tanh or Relu");
    }
    String sum = o.add(gates, recur(state.hidden(), w.recurrent(), w.recurrentBias()));
    return new State(o.op(activation, sum), "");
  }

  /** Gates in the order update z, reset r, candidate. */
  private State gru(String gates, State state, Weights w) {
    String h = state.hidden();
    List<String> x = split(gates, 2 * hidden, hidden);
    String zr;
    String candidate;
    if (node.integer("linear_before_reset", 0) != 0) {
      List<String> r = split(recur(h, w.recurrent(), w.recurrentBias()), 2 * hidden, hidden);
      zr = o.op("Sigmoid", o.add(x.get(0), r.get(0)));
      String reset = split(zr, hidden, hidden).get(1);
      candidate = o.op("Tanh", o.add(x.get(1), o.mul(reset, r.get(1))));
    } else {
      List<String> weights = split(w.recurrent(), 2 * hidden, hidden);
      List<String> biases =
          w.recurrentBias().isEmpty()
              ? List.of("", "")
              : split(w.recurrentBias(), 2 * hidden, hidden);
      zr = o.op("Sigmoid", o.add(x.get(0), recur(h, weights.get(0), biases.get(0))));
      String reset = split(zr, hidden, hidden).get(1);
      String recurrent = recur(o.mul(reset, h), weights.get(1), biases.get(1));
      candidate = o.op("Tanh", o.add(x.get(1), recurrent));
    }
    String z = split(zr, hidden, hidden).get(0);
    return new State(o.add(candidate, o.mul(z, o.sub(h, candidate))), "");
  }

  /** Gates in the order input, output, forget, cell. */
  private State lstm(String gates, State state, Weights w) {
    String sum = o.add(gates, recur(state.hidden(), w.recurrent(), w.recurrentBias()));
    List<String> parts = split(sum, 3 * hidden, hidden);
    List<String> sigmoids = split(o.op("Sigmoid", parts.get(0)), hidden, hidden, hidden);
    String fresh = o.mul(sigmoids.get(0), o.op("Tanh", parts.get(1)));
    String cell = o.add(o.mul(sigmoids.get(2), state.cell()), fresh);
    return new State(o.mul(sigmoids.get(1), o.op("Tanh", cell)), cell);
  }
}
