package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What flow matching puts in front of a graph: the point on the way that the graph looks at. */
final class FlowPath {
  private static final String POINT = "flow/point";

  private FlowPath() {}

  /**
   * The graph behind {@code from + time (to - from)}, which takes the place of its input for the
   * point.
   */
  static Graph before(Graph forward, Loss.FlowMatching flow) {
    TensorType value = input(forward, flow.pointInput(), "--point");
    TensorType time = input(forward, flow.timeInput(), "--time");
    Graph path = new Graph(forward.source(), forward.opset());
    GraphBuilder o = new GraphBuilder(path);
    String target = o.input("target", value);
    String noise = o.input("noise", value);
    String from = flow.fromTarget() ? target : noise;
    String to = flow.fromTarget() ? noise : target;
    String share = rows(o, o.input(flow.timeInput(), time), time.rank(), value.rank());
    o.node("Sub", to, from).named("flow/way");
    o.node("Mul", share, "flow/way").named("flow/part");
    o.node("Add", from, "flow/part").named(POINT);
    return GraphChain.of(path, "")
        .then(forward, "", Map.of(flow.pointInput(), POINT, flow.timeInput(), flow.timeInput()))
        .graph();
  }

  /** One number a row, in a shape that is broadcast over the row. */
  private static String rows(GraphBuilder o, String time, int rank, int wanted) {
    if (rank == 0 || rank == wanted) {
      return time;
    }
    long[] shape = new long[wanted];
    Arrays.fill(shape, 1);
    shape[0] = -1;
    o.initializer("flow/rows", HostTensor.ofLongs(new long[] {wanted}, shape));
    o.node("Reshape", time, "flow/rows").named("flow/share");
    return "flow/share";
  }

  private static TensorType input(Graph forward, String name, String option) {
    @Nullable TensorType type = forward.inputs().get(name);
    if (type == null || type.dims() == null || !type.type().floating()) {
      throw new ModelsFault(
          "prepare %s for flow matching: input '%s' is %s, wanted floating point of known rank; name one of %s with %s"
              .formatted(
                  forward.source(),
                  name,
                  type == null ? "not there" : type,
                  forward.inputs().keySet(),
                  option));
    }
    return type;
  }
}
