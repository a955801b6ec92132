package dev.forearm.models.bundle;

import com.google.protobuf.CodedInputStream;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.proto.Onnx.AttributeProto;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A first look at an ONNX file: which operators it uses, nested graphs and local functions
 * included, and which of its tensors lie outside. Reads any opset and any operator, so it works on
 * whatever ONNX Runtime works on.
 */
final class GraphScan {
  /** Operators that draw their own random numbers: a policy's must be an input. */
  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Multinomial",
          "Bernoulli");

  private final Set<String> operators = new LinkedHashSet<>();
  private final Set<String> external = new LinkedHashSet<>();

  private GraphScan() {}

  static GraphScan of(String name, byte[] graph) {
    GraphScan scan = new GraphScan();
    try {
      CodedInputStream in = CodedInputStream.newInstance(graph);
      in.enableAliasing(true); // weights that lie in the file stay there
      ModelProto model = ModelProto.parseFrom(in);
      scan.graph(model.getGraph());
      model.getFunctionsList().forEach(function -> function.getNodeList().forEach(scan::node));
    } catch (IOException e) {
      throw new ModelsFault(
          "%s: not a valid ONNX graph: %s; export it again".formatted(name, e.getMessage()), e);
    }
    if (scan.operators.isEmpty()) {
      throw new ModelsFault("%s: found no operator in it, wanted an ONNX graph".formatted(name));
    }
    return scan;
  }

  /** Operator names. */
  Set<String> operators() {
    return operators;
  }

  /** Names of initializers, and of constants in nodes, whose data lies in another file. */
  Set<String> external() {
    return external;
  }

  /** Refuses operators that draw random numbers. */
  void refuseRandom(String name) {
    for (String operator : operators) {
      if (RANDOM.contains(operator)) {
        throw new ModelsFault(
            "%s: found operator %s, wanted none that draws its own random numbers; make the noise an input of the graph and export it again"
                .formatted(name, operator));
      }
    }
  }

  private void graph(GraphProto graph) {
    graph.getInitializerList().forEach(this::tensor);
    graph.getNodeList().forEach(this::node);
  }

  private void node(NodeProto node) {
    operators.add(node.getOpType());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasT()) {
        tensor(attribute.getT());
      }
      attribute.getTensorsList().forEach(this::tensor);
      if (attribute.hasG()) {
        graph(attribute.getG());
      }
      attribute.getGraphsList().forEach(this::graph);
    }
  }

  private void tensor(TensorProto tensor) {
    if (tensor.getExternalDataCount() > 0) {
      external.add(tensor.getName());
    }
  }
}
