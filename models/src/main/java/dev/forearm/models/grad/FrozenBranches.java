package dev.forearm.models.grad;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A loss made smooth around one point. What a gradient takes for constant (values behind a
 * StopGradient, decisions, which side of a kink an activation is on, which element a maximum is) is
 * computed once at the point and held there, so that finite differences see what the gradient
 * describes and not the jump to another branch.
 */
final class FrozenBranches implements AutoCloseable {
  private static final List<String> SHAPES =
      List.of("Shape", "Size", "Constant", "ConstantOfShape", "EyeLike");

  private final HostRun atPoint;
  private final HostRun around;
  private final Map<String, TensorType> inputsAtPoint;
  private final Map<String, TensorType> inputsAround;
  private Map<String, HostTensor> frozen = Map.of();

  FrozenBranches(Graph train) {
    Graph loss = train.copy();
    loss.outputs().keySet().retainAll(List.of(TrainableGraph.LOSS));
    Pruning.removeUnused(loss);
    Pruning.removeUnreadInputs(loss);
    List<Node> nodes = List.copyOf(loss.nodes());
    GraphBuilder point = new GraphBuilder(loss.copy());
    Graph smooth = loss.copy();
    smooth.nodes().clear();
    GraphBuilder builder = new GraphBuilder(smooth);
    nodes.forEach(node -> builder.reserve(node.outputs()));
    for (Node node : nodes) {
      if (TrainableGraph.isWall(node) || (RuleTable.blocks(node) && !SHAPES.contains(node.op()))) {
        hold(point, builder, node.output(0));
      } else if (node.standard() && List.of("Relu", "LeakyRelu").contains(node.op())) {
        activation(point, builder, node);
      } else if (node.standard() && node.op().equals("MaxPool")) {
        maximum(point, builder, node);
      } else if (node.standard() && node.op().equals("Mod") && floating(point, node.output(0))) {
        remainder(point, builder, node);
      } else {
        builder.append(node);
      }
    }
    Pruning.removeUnused(smooth);
    Pruning.removeUnreadInputs(smooth);
    atPoint = new HostRun(point.graph());
    around = new HostRun(smooth);
    inputsAround = smooth.inputs();
    inputsAtPoint = point.graph().inputs();
  }

  /** Takes the branches at a point; gives the loss there. */
  double freeze(Map<String, HostTensor> point) {
    frozen = atPoint.run(part(point, inputsAtPoint));
    return lossOf(frozen);
  }

  /** The loss at another point, on the same branches. */
  double loss(Map<String, HostTensor> point) {
    Map<String, HostTensor> feeds = new LinkedHashMap<>(point);
    feeds.putAll(frozen);
    return lossOf(around.run(part(feeds, inputsAround)));
  }

  @Override
  public void close() {
    atPoint.close();
    around.close();
  }

  private static double lossOf(Map<String, HostTensor> outputs) {
    HostTensor loss = outputs.get(TrainableGraph.LOSS);
    return loss == null ? Double.NaN : loss.at(0);
  }

  private static Map<String, HostTensor> part(
      Map<String, HostTensor> values, Map<String, TensorType> wanted) {
    Map<String, HostTensor> part = new LinkedHashMap<>(values);
    part.keySet().retainAll(wanted.keySet());
    return part;
  }

  /** Computed at the point, fed around it. */
  private static void hold(GraphBuilder point, GraphBuilder around, String value) {
    TensorType known = point.types().find(value);
    ElementType type = known == null ? ElementType.FLOAT32 : known.type();
    point.graph().outputs().put(value, new TensorType(type, null));
    TensorType fed = new TensorType(type, known == null ? null : known.dims());
    around.graph().inputs().put(value, fed);
    around.types().declare(value, fed);
  }

  private static void activation(GraphBuilder point, GraphBuilder around, Node node) {
    String x = node.input(0);
    double leak = node.op().equals("Relu") ? 0 : node.real("alpha", 0.01f);
    String side = node.output(0) + "/side";
    point.node("Greater", x, point.number(0, x)).named(side);
    hold(point, around, side);
    around.node("Where", side, x, around.scale(x, leak)).named(node.output(0));
  }

  private static boolean floating(GraphBuilder point, String value) {
    TensorType type = point.types().find(value);
    return type != null && type.type().floating();
  }

  private static void remainder(GraphBuilder point, GraphBuilder around, Node node) {
    String whole = node.output(0) + "/whole";
    point.node("Sub", node.input(0), node.output(0)).named(whole + "/part");
    String quotient = point.div(whole + "/part", node.input(1));
    point.node("Round", quotient).named(whole);
    hold(point, around, whole);
    around.node("Sub", node.input(0), around.mul(whole, node.input(1))).named(node.output(0));
  }

  private static void maximum(GraphBuilder point, GraphBuilder around, Node node) {
    String winners = node.output(0) + "/winners";
    Map<String, Attribute> attributes = node.attributes();
    point.append(
        new Node(
            "MaxPool",
            "",
            "",
            node.inputs(),
            List.of(node.output(0) + "/again", winners),
            attributes));
    hold(point, around, winners);
    String flat = around.reshape(node.input(0), -1);
    around.node("Gather", flat, winners).named(node.output(0));
  }
}
