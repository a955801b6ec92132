package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reverse walk: from a loss back to whatever is asked for, node by node, through the {@link
 * RuleTable}. Appends the gradient's nodes to the graph. Only nodes between the loss and an asked
 * value are visited, so what is frozen below the first trainable layer costs nothing.
 *
 * <p>This walk alone accumulates and undoes broadcasting; a rule never does either.
 */
public final class Gradients {
  private final GraphBuilder builder;
  private final String loss;
  private final List<Node> nodes;
  private final Set<String> active;
  private final Map<String, List<String>> contributions = new HashMap<>();

  private Gradients(GraphBuilder builder, String loss, Collection<String> wanted) {
    this.builder = builder;
    this.loss = loss;
    this.nodes = List.copyOf(builder.graph().nodes());
    this.active = active(wanted);
  }

  /**
   * Appends the gradients of a loss.
   *
   * @param builder over the graph; gets the nodes
   * @param loss a value with one element
   * @param wanted names of inputs, initializers or inner values
   * @return the name of the gradient of each wanted value, in order; a value the loss does not
   *     depend on is left out
   * @throws ModelsFault when an operator in between has no rule: with node and path to the loss
   */
  public static Map<String, String> append(
      GraphBuilder builder, String loss, Collection<String> wanted) {
    refuseRandom(builder);
    Gradients walk = new Gradients(builder, loss, wanted);
    Optional<MissingRule> missing = walk.missingRules().findFirst();
    if (missing.isPresent()) {
      throw missing.get().fault(builder.graph().source());
    }
    return walk.run(wanted);
  }

  /** Nodes between a loss and the wanted values whose operator has no rule. */
  public static List<MissingRule> missingRules(
      GraphBuilder builder, String loss, Collection<String> wanted) {
    return new Gradients(builder, loss, wanted).missingRules().toList();
  }

  private Stream<MissingRule> missingRules() {
    return nodes.stream()
        .filter(node -> onTheWay(node) && RuleTable.find(node).isEmpty())
        .map(node -> new MissingRule(node, path(node)));
  }

  private Map<String, String> run(Collection<String> wanted) {
    TensorType type = builder.types().type(loss);
    contribute(loss, type.rank() == 0 ? builder.number(1, loss) : ones(loss));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (onTheWay(nodes.get(i))) {
        visit(i);
      }
    }
    Map<String, String> gradients = new LinkedHashMap<>();
    for (String name : wanted) {
      String gradient = gradient(name);
      if (gradient != null) {
        gradients.put(name, gradient);
      }
    }
    return gradients;
  }

  private String ones(String like) {
    return builder.op("Expand", builder.number(1, like), builder.shapeOf(like));
  }

  private void visit(int position) {
    Node node = nodes.get(position);
    List<@Nullable String> outputGradients = new ArrayList<>();
    boolean any = false;
    for (String output : node.outputs()) {
      String gradient = output.isEmpty() ? null : gradient(output);
      any |= gradient != null;
      outputGradients.add(gradient);
    }
    if (!any) {
      return;
    }
    Backward backward = new Backward(builder, position, outputGradients, active);
    Rule rule = RuleTable.find(node).orElseThrow();
    try {
      rule.flow(backward, builder);
      backward.requireWhole();
      backward
          .given()
          .forEach((input, gradient) -> {
            String name = node.input(input);
            if (active.contains(name)) {
              contribute(name, builder.sumTo(gradient, name));
            }
          });
    } catch (ModelsFault e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever a rule stumbles over, it is the node that is refused.
      throw backward.refuse("its gradient cannot be formed (" + e.getMessage() + ")");
    }
  }

  private void contribute(String name, String gradient) {
    contributions.computeIfAbsent(name, _ -> new ArrayList<>()).add(gradient);
  }

  /** The sum of all contributions so far, or null where there are none. */
  private @Nullable String gradient(String name) {
    List<String> parts = contributions.get(name);
    if (parts == null) {
      return null;
    }
    if (parts.size() > 1) {
      String sum =
          parts.size() == 2
              ? builder.add(parts.get(0), parts.get(1))
              : builder.node("Sum", parts).one();
      parts.clear();
      parts.add(sum);
    }
    return parts.getFirst();
  }

  private boolean onTheWay(Node node) {
    return !RuleTable.blocks(node)
        && node.outputs().stream().anyMatch(active::contains)
        && GraphValidator.reads(node).stream().anyMatch(active::contains);
  }

  /** Values that depend on a wanted one and on which the loss depends. */
  private Set<String> active(Collection<String> wanted) {
    Set<String> dependent = new HashSet<>(wanted);
    for (Node node : nodes) {
      if (!RuleTable.blocks(node)
          && GraphValidator.reads(node).stream().anyMatch(dependent::contains)) {
        // A quantized value is an integer, but not a decision: its gradient may not end in silence.
        boolean quantized = node.standard() && node.op().equals("QuantizeLinear");
        node.outputs().stream()
            .filter(output -> quantized || floating(output))
            .forEach(dependent::add);
      }
    }
    Set<String> useful = new HashSet<>();
    useful.add(loss);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (!RuleTable.blocks(node) && node.outputs().stream().anyMatch(useful::contains)) {
        useful.addAll(GraphValidator.reads(node));
      }
    }
    dependent.retainAll(useful);
    return dependent;
  }

  private boolean floating(String name) {
    TensorType type = builder.types().find(name);
    return !name.isEmpty() && (type == null || type.type().floating());
  }

  private String path(Node from) {
    Map<String, Node> reachedBy = new HashMap<>();
    Set<String> reached = new LinkedHashSet<>(from.outputs());
    for (Node node : nodes) {
      if (!RuleTable.blocks(node) && node.inputs().stream().anyMatch(reached::contains)) {
        for (String output : node.outputs()) {
          if (active.contains(output) && reached.add(output)) {
            reachedBy.put(output, node);
          }
        }
      }
    }
    List<String> operators = new ArrayList<>();
    Node node = reachedBy.get(loss);
    while (node != null) {
      operators.addFirst(node.op());
      Node next = null;
      for (String input : node.inputs()) {
        next = reachedBy.getOrDefault(input, next);
      }
      node = next;
    }
    operators.addFirst(from.op());
    String text =
        operators.size() <= 12
            ? String.join(" -> ", operators)
            : String.join(" -> ", operators.subList(0, 6))
                + " -> ... -> "
                + String.join(" -> ", operators.subList(operators.size() - 4, operators.size()));
    return text + " -> '" + loss + "'";
  }

  private static void refuseRandom(GraphBuilder builder) {
    for (Node node : builder.graph().nodesAndBodies().toList()) {
      boolean random =
          node.op().startsWith("Random")
              || node.op().equals("Multinomial")
              || node.op().equals("Bernoulli")
              || (node.op().equals("Dropout") && training(builder, node));
      if (node.standard() && random) {
        throw new ModelsFault(
            "differentiate "
                + builder.graph().source()
                + ": node "
                + node.label()
                + " draws random numbers; make them an input of the graph, or export in eval mode");
      }
    }
  }

  private static boolean training(GraphBuilder builder, Node node) {
    if (!node.hasInput(2)) {
      return false;
    }
    HostTensor flag = builder.types().constant(node.input(2));
    return flag == null || flag.size() != 1 || flag.longAt(0) != 0;
  }
}
