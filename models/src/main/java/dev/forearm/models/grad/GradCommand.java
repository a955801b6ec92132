package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphPrinter;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@code forearm grad} does: tells what a graph consists of and what can be trained in it,
 * writes its training graph, checks its gradients. The loss is mean((first output - target)^2).
 */
public final class GradCommand {
  private static final int DIRECTIONS = 2;
  private static final int OPEN_SIZE = 2;

  private GradCommand() {}

  /**
   * What to do.
   *
   * @param graph the ONNX file
   * @param trainable pattern of {@link TrainableSet#parse}; empty trains everything
   * @param output where to write the training graph, or null
   * @param check whether to compare with finite differences, or with {@code expect} if given
   * @param inputs {@code .npz} with {@code in.NAME} and {@code target}, or null for random ones
   * @param expect {@code .npz} with {@code loss} and {@code grad.NAME}, or null
   * @param seed for random inputs and directions
   */
  public record Request(
      Path graph,
      String trainable,
      @Nullable Path output,
      boolean check,
      @Nullable Path inputs,
      @Nullable Path expect,
      long seed) {}

  /**
   * What came of it.
   *
   * @param text for people, with line ends
   * @param good whether the command succeeded: every rule there, every check passed
   */
  public record Report(String text, boolean good) {}

  /**
   * Does it.
   *
   * @throws ModelsFault when a file cannot be read or written
   */
  public static Report run(Request request) {
    Graph graph = OnnxReader.read(request.graph());
    StringBuilder text = new StringBuilder();
    text.append(graph.source())
        .append(": opset ")
        .append(graph.opset())
        .append(", ")
        .append(graph.nodes().size())
        .append(" nodes\n");
    Map<String, HostTensor> given = new LinkedHashMap<>();
    for (Path file : filesOf(request)) {
      given.putAll(Npz.read(file));
    }
    List<String> names = trainable(graph, request.trainable(), given);
    describe(text, graph, names);
    GraphBuilder probe = Lowering.lower(graph);
    List<Node> missing = Gradients.missingRules(probe, squaredError(probe, graph), names);
    if (!missing.isEmpty()) {
      missing.forEach(node -> text.append("no rule for ").append(node.label()).append('\n'));
    }
    TrainableGraph train =
        TrainableGraph.derive(
            graph, o -> squaredError(o, graph), initializers(graph, names), inputs(graph, names));
    train
        .unused()
        .forEach(name -> text.append("the loss does not depend on ").append(name).append('\n'));
    Path output = request.output();
    if (output != null) {
      OnnxWriter.write(train.graph(), output);
      text.append("wrote ")
          .append(output)
          .append(": ")
          .append(train.graph().nodes().size())
          .append(" nodes, ")
          .append(train.parameters().size())
          .append(" gradients\n");
    }
    boolean good = !request.check() || check(request, graph, train, given, text);
    return new Report(text.toString(), good);
  }

  private static List<Path> filesOf(Request request) {
    List<Path> files = new ArrayList<>();
    for (Path file : new Path @Nullable [] {request.inputs(), request.expect()}) {
      if (file != null) {
        files.add(file);
      }
    }
    return files;
  }

  /** What is given gradients for, else what the pattern says. */
  private static List<String> trainable(
      Graph graph, String pattern, Map<String, HostTensor> given) {
    List<String> named =
        given.keySet().stream()
            .filter(key -> key.startsWith(TrainableGraph.GRADIENT))
            .map(key -> key.substring(TrainableGraph.GRADIENT.length()))
            .toList();
    if (named.isEmpty() || !pattern.isBlank()) {
      List<String> chosen = TrainableSet.parse(pattern).resolve(graph);
      return named.isEmpty() ? chosen : named.stream().filter(chosen::contains).toList();
    }
    for (String name : named) {
      if (!graph.initializers().containsKey(name) && !graph.inputs().containsKey(name)) {
        throw new ModelsFault(
            "check "
                + graph.source()
                + ": a gradient is expected for '"
                + name
                + "', which is neither initializer nor input; it was renamed or folded in export");
      }
    }
    return named;
  }

  private static List<String> initializers(Graph graph, List<String> names) {
    return names.stream().filter(graph.initializers()::containsKey).toList();
  }

  private static List<String> inputs(Graph graph, List<String> names) {
    return names.stream().filter(graph.inputs()::containsKey).toList();
  }

  /** mean((first output - target)^2), with the target as an input. */
  static String squaredError(GraphBuilder o, Graph graph) {
    String output = graph.outputs().keySet().iterator().next();
    TensorType type = o.types().find(output);
    TensorType wanted = type == null ? graph.outputs().get(output) : type;
    if (wanted == null) {
      throw new ModelsFault("differentiate " + graph.source() + ": the first output has no type");
    }
    String target = o.input(TrainableGraph.TARGET, wanted);
    return Losses.meanSquaredError(o, output, target);
  }

  private static void describe(StringBuilder text, Graph graph, List<String> names) {
    text.append("operators\n");
    TreeSet<String> differentiable = new TreeSet<>(RuleTable.differentiable());
    TreeSet<String> blocked = new TreeSet<>(RuleTable.nonDifferentiable());
    GraphPrinter.operators(graph)
        .forEach((op, count) -> {
          String note =
              differentiable.contains(op)
                  ? ""
                  : op.endsWith(Node.STOP_GRADIENT)
                      ? "  stops gradients"
                      : blocked.contains(op) ? "  not differentiable" : "  no rule";
          text.append(String.format(Locale.ROOT, "  %5d %s%s%n", count, op, note));
        });
    long scalars = 0;
    text.append("trainable\n");
    for (Map.Entry<String, Integer> entry : TrainableSet.sizes(graph, names).entrySet()) {
      scalars += entry.getValue();
      Object shape = graph.initializers().get(entry.getKey());
      text.append("  ")
          .append(entry.getKey())
          .append(' ')
          .append(shape == null ? "(input)" : shape)
          .append('\n');
    }
    text.append("  ")
        .append(names.size())
        .append(" tensors, ")
        .append(scalars)
        .append(" scalars\n");
  }

  private static boolean check(
      Request request,
      Graph graph,
      TrainableGraph train,
      Map<String, HostTensor> given,
      StringBuilder text) {
    Map<String, HostTensor> feeds = feeds(graph, train, given, request.seed());
    if (request.expect() == null) {
      List<GradientCheck.Result> results =
          GradientCheck.run(train, feeds, DIRECTIONS, request.seed());
      text.append("finite differences, relative error\n");
      for (GradientCheck.Result result : results) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %s %.2e %s%n",
                result.good() ? "good" : "BAD ",
                result.error(),
                result.name()));
      }
      return GradientCheck.good(results);
    }
    Map<String, HostTensor> point = new LinkedHashMap<>(train.parameters());
    point.putAll(feeds);
    Map<String, HostTensor> found;
    try (GraphRun run = new GraphRun(train.graph())) {
      found = run.run(point);
    }
    boolean good = true;
    double worst = 0;
    text.append("given gradients, relative error\n");
    for (GradientComparison.Result result : GradientComparison.compare(found, given)) {
      good &= result.good();
      worst = Math.max(worst, result.error());
      text.append(
          String.format(
              Locale.ROOT,
              "  %s %.2e %s%n",
              result.good() ? "good" : "BAD ",
              result.error(),
              result.name()));
    }
    text.append(
        String.format(
            Locale.ROOT, "worst %.3e, wanted at most %.0e%n", worst, GradientComparison.TOLERANCE));
    return good;
  }

  /** Given inputs, or random ones; sizes that are open become two. */
  private static Map<String, HostTensor> feeds(
      Graph graph, TrainableGraph train, Map<String, HostTensor> given, long seed) {
    Random random = new Random(seed);
    Map<String, HostTensor> feeds = new LinkedHashMap<>();
    Map<String, HostTensor> forward = new LinkedHashMap<>();
    for (Map.Entry<String, TensorType> input : graph.inputs().entrySet()) {
      HostTensor value = given.get("in." + input.getKey());
      if (value == null
          && given.keySet().stream().anyMatch(key -> key.startsWith("in."))
          && train.graph().inputs().containsKey(input.getKey())) {
        throw new ModelsFault(
            "check "
                + graph.source()
                + ": found no array 'in."
                + input.getKey()
                + "' among the given inputs, wanted one for every input");
      }
      forward.put(
          input.getKey(),
          value == null ? random(input.getValue(), random) : cast(value, input.getValue()));
    }
    for (String name : train.graph().inputs().keySet()) {
      HostTensor value = forward.get(name);
      if (value != null) {
        feeds.put(name, value);
      }
    }
    HostTensor target = given.get(TrainableGraph.TARGET);
    String output = graph.outputs().keySet().iterator().next();
    TensorType type = train.graph().inputs().get(TrainableGraph.TARGET);
    if (target == null) {
      try (GraphRun run = new GraphRun(graph)) {
        HostTensor shape = java.util.Objects.requireNonNull(run.run(forward).get(output));
        target = random(shape.tensorType(), random);
      }
    }
    feeds.put(TrainableGraph.TARGET, type == null ? target : cast(target, type));
    return feeds;
  }

  private static HostTensor cast(HostTensor value, TensorType wanted) {
    return value.type() == wanted.type()
        ? value
        : HostTensor.ofValues(wanted.type(), value.dims(), value.doubles());
  }

  private static HostTensor random(TensorType type, Random random) {
    List<Dim> dims = type.dims() == null ? List.of() : type.dims();
    long[] shape = new long[dims.size()];
    int size = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dims.get(i) instanceof Dim.Known(long known) ? known : OPEN_SIZE;
      size = Math.multiplyExact(size, Math.toIntExact(shape[i]));
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = type.type().floating() ? random.nextGaussian() : random.nextInt(2);
    }
    return HostTensor.ofValues(type.type(), shape, values);
  }
}
