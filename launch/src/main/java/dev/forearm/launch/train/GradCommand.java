package dev.forearm.launch.train;

import dev.forearm.launch.Output;
import dev.forearm.models.grad.GradientCheck;
import dev.forearm.models.grad.GradientComparison;
import dev.forearm.models.grad.GradientErrors;
import dev.forearm.models.grad.GradientProbe;
import dev.forearm.models.grad.GraphReport;
import dev.forearm.models.grad.HostRun;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.MissingRule;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code forearm grad}. */
@Command(
    name = "grad",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = TrainCommand.HELP_WIDTH,
    description = {
      "Tell what a graph consists of and what can be trained in it, write its training graph,",
      "check its gradients.",
      "Exits 0 only if every operator on the way has a gradient rule and every check is good."
    },
    footer = {
      "",
      "The training graph takes the graph's inputs, 'target' and each trainable parameter under its",
      "name, and gives 'loss' and 'grad.NAME': plain ONNX that any runtime runs.",
      "",
      "  forearm grad actor.train.onnx -o step.onnx --trainable 'actor.*'",
      "  forearm grad --check actor.train.onnx",
      "  forearm grad --check actor.train.onnx --inputs io.npz --expect grads.npz"
    })
public final class GradCommand implements Callable<Integer> {
  private static final int DIRECTIONS = 1;
  private static final long SEED = 1;

  @Parameters(
      paramLabel = "GRAPH.onnx",
      description = "A graph of opset 13 to 23, best in its trainable form.")
  private Path graph;

  @Option(
      names = "--trainable",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = {
        "Parameters to differentiate for: names, with * for any text and ? for one character,",
        "separated by commas; or last:N, the last N layers. Default: all, or those of --expect."
      })
  private String trainable;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      defaultValue = "mse",
      converter = ByText.class,
      description = {
        "mse: the mean of (first output - target)^2. output:NAME: that output, one number.",
        "Default: ${DEFAULT-VALUE}; 'train' has others."
      })
  private Loss loss;

  @Option(
      names = "--inputs-too",
      paramLabel = "NAME",
      split = ",",
      description = "Inputs of the graph whose gradients are wanted as well.")
  private List<String> inputsToo = new ArrayList<>();

  @Mixin private NameOptions names;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "train.onnx",
      description = "Write the training graph there.")
  private @Nullable Path written;

  @Option(
      names = "--check",
      description = {
        "Compare gradients with finite differences of the loss: good within 3 %% of the slope.",
        "With --expect, with given gradients: good within 1e-3 of each tensor's length, or within",
        "1e-7 of the longest one's, which is what float32 leaves of a gradient of zero."
      })
  private boolean check;

  @Option(
      names = "--inputs",
      paramLabel = "IO.npz",
      description = {
        "Where to check: in.NAME for each input of the graph, and target.",
        "Default: standard normal numbers; 0 and 1 for integers; 3 for open dimensions."
      })
  private @Nullable Path inputs;

  @Option(
      names = "--expect",
      paramLabel = "GRADS.npz",
      description = {
        "What to find there: loss, and grad.NAME for parameters or inputs.",
        "in.NAME and target may stand in this file too."
      })
  private @Nullable Path expected;

  @Mixin private Output output;

  /** Of all losses those whose data a check can make up. */
  static final class ByText implements ITypeConverter<Loss> {
    @Override
    public Loss convert(String text) {
      if (text.equals("mse")) {
        return new Loss.MeanSquared();
      }
      if (text.startsWith(LossOptions.OUTPUT)) {
        return new Loss.Output(text.substring(LossOptions.OUTPUT.length()));
      }
      throw new TypeConversionException("found '%s', wanted mse or output:NAME".formatted(text));
    }
  }

  @Override
  public Integer call() {
    Graph exported = OnnxReader.read(graph);
    Graph forward = ParameterNames.of(names.asGiven()).unmerging(exported).apply(exported);
    GradientProbe probe =
        GradientProbe.read(
            Stream.of(inputs, expected).filter(Objects::nonNull).toList(),
            DataOptions::tellIgnored);
    List<String> wanted = wanted(forward, probe);
    List<String> parameters = wanted.stream().filter(forward.initializers()::containsKey).toList();
    List<String> values = wanted.stream().filter(forward.inputs()::containsKey).toList();
    GraphReport report = GraphReport.of(forward, loss, parameters, values);
    print(report);
    Map<String, Object> result = toJson(report);
    boolean good = report.missing().isEmpty();
    if (good) {
      TrainableGraph derived =
          TrainableGraph.derive(loss.prepare(forward), loss, parameters, values);
      describe(derived, result);
      if (written != null) {
        OnnxWriter.write(derived.graph(), written);
        System.out.printf("Wrote %s.%n", written);
      }
      if (check || expected != null) {
        GradientErrors errors = check(forward, derived, probe);
        print(errors);
        result.putAll(toJson(errors));
        good = errors.good();
      }
    }
    output.write(result);
    return good ? 0 : 1;
  }

  /** Names of parameters and inputs: what is given gradients for, else what the options say. */
  private List<String> wanted(Graph forward, GradientProbe probe) {
    List<String> given = probe.expected(forward);
    if (given.isEmpty() || !trainable.isBlank()) {
      List<String> wanted = new ArrayList<>(TrainableSet.parse(trainable).resolve(forward));
      wanted.addAll(inputsToo);
      return wanted;
    }
    return given;
  }

  private static GradientErrors check(Graph forward, TrainableGraph derived, GradientProbe probe) {
    Map<String, HostTensor> feeds = probe.feeds(forward, derived, SEED);
    if (!probe.expectsGradients()) {
      return GradientCheck.run(derived, feeds, DIRECTIONS, SEED);
    }
    try (HostRun run = new HostRun(derived.graph())) {
      return GradientComparison.compare(run.run(feeds), probe.arrays());
    }
  }

  private static void print(GraphReport report) {
    System.out.printf("%s: opset %s, %s nodes%n", report.source(), report.opset(), report.nodes());
    report
        .operators()
        .forEach(use ->
            System.out.printf("%8s  %-24s %s%n", use.count(), use.name(), use.flow().meaning()));
    System.out.printf(
        Locale.ROOT,
        "%s trainable parameters, %,d numbers%n",
        report.parameters().size(),
        report.scalars());
    report
        .parameters()
        .forEach((name, value) -> System.out.printf("          %s  %s%n", name, value));
    report
        .merged()
        .forEach((name, names) ->
            System.out.printf(
                "%s stands for several parameters; if they are not tied, give --name %s=%s%n",
                name, name, String.join(",", names)));
    if (!report.missing().isEmpty()) {
      System.out.printf("%s missing rules%n", report.missing().size());
      report.missing().forEach(rule -> System.out.printf("          %s%n", rule.message()));
    }
  }

  private static void describe(TrainableGraph derived, Map<String, Object> result) {
    int nodes = derived.graph().nodes().size();
    System.out.printf("Training graph: %s nodes.%n", nodes);
    derived.unused().forEach(name -> System.out.printf("The loss does not depend on %s.%n", name));
    result.put("training_nodes", nodes);
    result.put("unused", derived.unused());
  }

  private static void print(GradientErrors errors) {
    errors
        .errors()
        .forEach((name, error) ->
            System.out.printf(
                Locale.ROOT, "%12.3g  %s%s%n", error, name, errors.good(error) ? "" : "  BAD"));
    System.out.printf(
        Locale.ROOT,
        "%12.3g  worst of %s, good up to %.0e: %s%n",
        errors.worst(),
        errors.errors().size(),
        errors.limit(),
        errors.measure());
  }

  private static Map<String, Object> toJson(GraphReport report) {
    Map<String, Object> operators = new LinkedHashMap<>();
    report.operators().forEach(use -> operators.put(use.name(), use.count()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("operators", operators);
    json.put("trainable", List.copyOf(report.parameters().keySet()));
    json.put("trainable_scalars", report.scalars());
    json.put("merged", report.merged());
    json.put("missing_rules", report.missing().stream().map(MissingRule::message).toList());
    return json;
  }

  private static Map<String, Object> toJson(GradientErrors errors) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("gradient_max_rel_error", finite(errors.worst()));
    json.put("limit", errors.limit());
    json.put("good", errors.good());
    Map<String, Object> each = new LinkedHashMap<>();
    errors.errors().forEach((name, error) -> each.put(name, finite(error)));
    json.put("errors", each);
    return json;
  }

  /** JSON has no infinity. */
  private static double finite(double error) {
    return Double.isFinite(error) ? error : Double.MAX_VALUE;
  }
}
