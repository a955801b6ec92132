package dev.forearm.launch.train;

import dev.forearm.launch.Output;
import dev.forearm.models.grad.Gradients;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm grad}. */
@Command(
    name = "grad",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tell whether a graph can be differentiated, write its training graph, check its gradients.",
      "The loss is mse: the mean of squared differences between the first output and 'target'."
    })
public final class GradCommand implements Callable<Integer> {
  @Parameters(paramLabel = "GRAPH.onnx", description = "A graph, best in its trainable form.")
  private Path graph;

  @Option(
      names = "--trainable",
      paramLabel = "PATTERN",
      defaultValue = "*",
      description = "Names of the weights to differentiate for; * matches anything. Default: all.")
  private String trainable;

  @Option(names = "-o", paramLabel = "train.onnx", description = "Write the training graph there.")
  private @Nullable Path written;

  @Option(
      names = "--check",
      description = {
        "Compare gradients with finite differences, or with --expect. Exits 0 only where every",
        "gradient is within 1e-3 of its largest element (finite differences: 3e-2 of the slope)."
      })
  private boolean check;

  @Option(
      names = "--inputs",
      paramLabel = "IO.npz",
      description = "Inputs of the check: in.NAME for each input, and target. Default: random.")
  private @Nullable Path inputs;

  @Option(
      names = "--expect",
      paramLabel = "GRADS.npz",
      description = "What the check should find: loss, and grad.NAME for each weight.")
  private @Nullable Path expected;

  @Mixin private Output output;

  @Override
  public Integer call() {
    Graph forward = OnnxReader.read(graph);
    Map<String, Object> result = new LinkedHashMap<>();
    boolean good;
    if (check || expected != null) {
      GradientReport report =
          expected == null
              ? GradientReport.byFiniteDifferences(
                  forward, TrainableNames.matching(forward, trainable))
              : GradientReport.against(forward, inputs == null ? expected : inputs, expected);
      report.print();
      result.putAll(report.toJson());
      good = report.good();
    } else {
      good = describe(forward, result);
    }
    output.write(result);
    return good ? 0 : 1;
  }

  private boolean describe(Graph forward, Map<String, Object> result) {
    List<String> names = TrainableNames.matching(forward, trainable);
    Map<String, Integer> operators = new TreeMap<>();
    forward.nodes().forEach(node -> operators.merge(node.op(), 1, Integer::sum));
    System.out.printf("%s: opset %d, %d nodes%n", graph, forward.opset(), forward.nodes().size());
    operators.forEach((operator, count) -> System.out.printf("  %6d  %s%n", count, operator));
    long scalars = 0;
    System.out.printf("%d trainable weights%n", names.size());
    for (String name : names) {
      HostTensor value = forward.initializers().get(name);
      scalars += value == null ? 0 : value.size();
      System.out.printf("  %s  %s%n", name, value);
    }
    List<String> missing = missingRules(forward, names);
    System.out.printf("%,d trainable scalars, %d missing rules%n", scalars, missing.size());
    missing.forEach(label -> System.out.println("  no rule for " + label));
    result.put("operators", operators);
    result.put("trainable", names);
    result.put("trainable_scalars", scalars);
    result.put("missing_rules", missing);
    if (missing.isEmpty()) {
      TrainableGraph derived = TrainableGraph.derive(forward, LossChoice.MSE::append, names);
      derived.unused().forEach(name -> System.out.println("  the loss does not reach " + name));
      result.put("unused", derived.unused());
      result.put("training_nodes", derived.graph().nodes().size());
      if (written != null) {
        OnnxWriter.write(derived.graph(), written);
        System.out.printf("Wrote %s, %d nodes.%n", written, derived.graph().nodes().size());
      }
    }
    return missing.isEmpty();
  }

  private static List<String> missingRules(Graph forward, List<String> names) {
    GraphBuilder builder = new GraphBuilder(forward.copy());
    String loss = LossChoice.MSE.append(builder);
    return Gradients.missingRules(builder, loss, names).stream().map(Node::label).toList();
  }
}
