package dev.forearm.models.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.proto.Onnx.AttributeProto;
import dev.forearm.models.onnx.proto.Onnx.FunctionProto;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.OperatorSetIdProto;
import dev.forearm.models.onnx.proto.Onnx.StringStringEntryProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import dev.forearm.models.onnx.proto.Onnx.TensorShapeProto;
import dev.forearm.models.onnx.proto.Onnx.TypeProto;
import dev.forearm.models.onnx.proto.Onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a graph as an ONNX model, its weights inside unless told otherwise. {@code StopGradient}
 * nodes get a local function with an Identity body, so that any runtime loads the file.
 */
public final class OnnxWriter {
  private static final long IR_VERSION = 10;
  private static final String STOP_GRADIENT_DOMAIN = "forearm";

  private OnnxWriter() {}

  /** Writes {@code graph} to {@code file}: complete, or not at all. */
  public static void write(Graph graph, Path file) {
    Path open = file.resolveSibling(file.getFileName() + ".open");
    try {
      Files.write(open, bytes(graph));
      Files.move(open, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ModelsFault(
          "write " + file + ": " + e.getMessage() + "; free space or choose -o", e);
    } finally {
      open.toFile().delete(); // what a full disk has of it
    }
  }

  /** The model as protobuf bytes, for a file or straight for a session. */
  public static byte[] bytes(Graph graph) {
    return bytes(graph, Set.of());
  }

  /**
   * As {@link #bytes(Graph)}, but the initializers named {@code outside} are declared as external
   * data without content: whoever opens the session gives their values.
   */
  public static byte[] bytes(Graph graph, Set<String> outside) {
    return bytes(graph, outside, "given");
  }

  /** As before, and {@code file} is where they lie. */
  public static byte[] bytes(Graph graph, Set<String> outside, String file) {
    long weights = 0;
    for (Map.Entry<String, HostTensor> tensor : graph.initializers().entrySet()) {
      weights += outside.contains(tensor.getKey()) ? 0 : tensor.getValue().data().capacity();
    }
    if (weights > Integer.MAX_VALUE - (64 << 20)) {
      throw new ModelsFault(
          "write graph of "
              + graph.source()
              + ": "
              + weights
              + " bytes of weights inside, at most "
              + "2 GiB fit; feed trainable weights as inputs or split the model");
    }
    ModelProto.Builder model =
        ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("forearm");
    model.setGraph(graph(graph, "graph", outside, file));
    TreeSet<String> blocked = new TreeSet<>();
    graph
        .nodesAndBodies()
        .filter(node -> node.op().equals(Node.STOP_GRADIENT))
        .forEach(node -> blocked.add(stopGradientDomain(node)));
    List<String> walls = List.copyOf(blocked);
    graph
        .opsets()
        .forEach((domain, version) -> {
          blocked.remove(domain);
          model.addOpsetImport(opset(domain, version));
        });
    blocked.forEach(domain -> model.addOpsetImport(opset(domain, 1)));
    walls.forEach(domain -> model.addFunctions(stopGradient(domain, graph.opset())));
    return model.build().toByteArray();
  }

  private static String stopGradientDomain(Node node) {
    return node.standard() ? STOP_GRADIENT_DOMAIN : node.domain();
  }

  private static FunctionProto stopGradient(String domain, int opset) {
    return FunctionProto.newBuilder()
        .setDomain(domain)
        .setName(Node.STOP_GRADIENT)
        .addInput("x")
        .addOutput("y")
        .addNode(NodeProto.newBuilder().setOpType("Identity").addInput("x").addOutput("y"))
        .addOpsetImport(opset("", opset))
        .build();
  }

  private static OperatorSetIdProto opset(String domain, int version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  private static GraphProto graph(Graph graph, String name, Set<String> outside, String file) {
    GraphProto.Builder proto = GraphProto.newBuilder().setName(name);
    graph.inputs().forEach((value, type) -> proto.addInput(value(value, type)));
    graph.outputs().forEach((value, type) -> proto.addOutput(value(value, type)));
    graph
        .initializers()
        .forEach((value, tensor) ->
            proto.addInitializer(
                outside.contains(value)
                    ? described(value, tensor)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(
                            StringStringEntryProto.newBuilder().setKey("location").setValue(file))
                        .build()
                    : tensor(value, tensor)));
    graph.nodes().forEach(node -> proto.addNode(node(node)));
    return proto.build();
  }

  private static ValueInfoProto value(String name, TensorType type) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.type().code());
    if (type.dims() != null) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
      for (Dim dim : type.dims()) {
        TensorShapeProto.Dimension.Builder entry = TensorShapeProto.Dimension.newBuilder();
        switch (dim) {
          case Dim.Known(long size) -> entry.setDimValue(size);
          case Dim.Symbol(String symbol) -> {
            if (!symbol.startsWith("?")) {
              entry.setDimParam(symbol);
            }
          }
        }
        shape.addDim(entry);
      }
      tensor.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorProto tensor(String name, HostTensor tensor) {
    return described(name, tensor)
        .setRawData(UnsafeByteOperations.unsafeWrap(tensor.data()))
        .build();
  }

  private static TensorProto.Builder described(String name, HostTensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setName(name).setDataType(tensor.type().code());
    for (long dim : tensor.dims()) {
      proto.addDims(dim);
    }
    return proto;
  }

  private static NodeProto node(Node node) {
    boolean stop = node.op().equals(Node.STOP_GRADIENT);
    NodeProto.Builder proto =
        NodeProto.newBuilder()
            .setOpType(node.op())
            .setName(node.name())
            .setDomain(stop ? stopGradientDomain(node) : node.domain())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
      proto.addAttribute(attribute(attribute.getKey(), attribute.getValue()));
    }
    return proto.build();
  }

  private static AttributeProto attribute(String name, Attribute attribute) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
    switch (attribute) {
      case Attribute.IntValue(long value) ->
          proto.setType(AttributeProto.AttributeType.INT).setI(value);
      case Attribute.FloatValue(float value) ->
          proto.setType(AttributeProto.AttributeType.FLOAT).setF(value);
      case Attribute.TextValue(String value) ->
          proto.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
      case Attribute.IntList(var values) ->
          proto.setType(AttributeProto.AttributeType.INTS).addAllInts(values);
      case Attribute.FloatList(var values) ->
          proto.setType(AttributeProto.AttributeType.FLOATS).addAllFloats(values);
      case Attribute.TextList(var values) -> {
        proto.setType(AttributeProto.AttributeType.STRINGS);
        values.forEach(value -> proto.addStrings(ByteString.copyFromUtf8(value)));
      }
      case Attribute.TensorValue(HostTensor value) ->
          proto.setType(AttributeProto.AttributeType.TENSOR).setT(tensor("", value));
      case Attribute.Body(Graph body) ->
          proto.setType(AttributeProto.AttributeType.GRAPH).setG(graph(body, "body", Set.of(), ""));
      case Attribute.Reference(String formal) -> proto.setRefAttrName(formal);
    }
    return proto.build();
  }
}
