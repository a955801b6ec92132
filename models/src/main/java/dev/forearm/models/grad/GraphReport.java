package dev.forearm.models.grad;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphPrinter;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a graph consists of and what can be trained in it.
 *
 * @param source the file
 * @param opset version of ai.onnx
 * @param operators every operator, by name
 * @param parameters trainable initializers
 * @param missing nodes between them and the loss that no gradient passes
 * @param merged trainable initializers that stand for several names, as {@link ParameterNames#of}
 *     takes them to untie them
 */
public record GraphReport(
    String source,
    int opset,
    List<OperatorUse> operators,
    Map<String, HostTensor> parameters,
    List<MissingRule> missing,
    Map<String, List<String>> merged) {

  /** What becomes of a gradient at an operator. */
  public enum Flow {
    /** It goes on. */
    FLOWS(""),
    /** The operator's result is a decision, a shape or a step: it ends, as in PyTorch. */
    ENDS("not differentiable: a gradient ends here"),
    /** Somebody wanted it to end here. */
    STOPPED("stops gradients"),
    /** Nobody knows: a training graph needs a gradient that passes none of these. */
    NO_RULE("no rule");

    private final String meaning;

    Flow(String meaning) {
      this.meaning = meaning;
    }

    /** A few words for people; empty where there is nothing to say. */
    public String meaning() {
      return meaning;
    }
  }

  /**
   * One operator.
   *
   * @param name with its domain where that is not ai.onnx
   * @param count how often it occurs
   * @param flow what becomes of a gradient there
   */
  public record OperatorUse(String name, int count, Flow flow) {}

  /**
   * Looks at a graph.
   *
   * @param loss what the gradient would be of
   * @param trainable names of initializers
   * @param inputs names of inputs whose gradient is wanted as well
   */
  public static GraphReport of(
      Graph forward, Loss loss, Collection<String> trainable, Collection<String> inputs) {
    GraphBuilder builder = Lowering.lower(loss.prepare(forward));
    List<String> wanted = new ArrayList<>(trainable);
    wanted.addAll(inputs);
    TrainableGraph.appendLoss(builder, loss);
    List<MissingRule> missing = Gradients.missingRules(builder, TrainableGraph.LOSS, wanted);
    Map<String, HostTensor> parameters = new LinkedHashMap<>(forward.initializers());
    parameters.keySet().retainAll(trainable);
    List<OperatorUse> operators = new ArrayList<>();
    GraphPrinter.operators(forward)
        .forEach((name, count) -> operators.add(new OperatorUse(name, count, flow(name))));
    Map<String, List<String>> merged = new LinkedHashMap<>(ParameterNames.merged(forward));
    merged.keySet().retainAll(trainable);
    return new GraphReport(
        forward.source(), forward.opset(), operators, parameters, missing, merged);
  }

  private static Flow flow(String operator) {
    if (operator.endsWith(Node.STOP_GRADIENT)) {
      return Flow.STOPPED;
    }
    Set<String> known = RuleTable.differentiable();
    return known.contains(operator)
        ? Flow.FLOWS
        : RuleTable.nonDifferentiable().contains(operator) ? Flow.ENDS : Flow.NO_RULE;
  }

  /** Number of nodes. */
  public int nodes() {
    return operators.stream().mapToInt(OperatorUse::count).sum();
  }

  /** Trainable numbers. */
  public long scalars() {
    return parameters.values().stream().mapToLong(HostTensor::size).sum();
  }
}
