package dev.forearm.models.onnx;

import com.google.protobuf.CodedInputStream;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.proto.Onnx.AttributeProto;
import dev.forearm.models.onnx.proto.Onnx.FunctionProto;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.OperatorSetIdProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import dev.forearm.models.onnx.proto.Onnx.TensorShapeProto;
import dev.forearm.models.onnx.proto.Onnx.TypeProto;
import dev.forearm.models.onnx.proto.Onnx.ValueInfoProto;
import dev.forearm.models.ort.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Reads an ONNX file, opsets 13 to 23, and refuses what is wrong with it.
 *
 * <p>What comes out has its local functions inlined, but for those named {@code StopGradient}; its
 * nodes are sorted, its names checked ({@link GraphValidator}), and its operators are those of
 * opset 18 or newer ({@link OpsetUpgrade}).
 */
public final class OnnxReader {
  private static final int OLDEST_OPSET = 13;
  private static final int NEWEST_OPSET = 23;

  private final Path file;
  private final TensorDecoder tensors;

  private OnnxReader(Path file) {
    this.file = file;
    this.tensors = new TensorDecoder(file);
  }

  /**
   * Reads and checks a graph.
   *
   * @throws ModelsFault when the file cannot be read or is not a valid graph; the message names the
   *     file, and the node and tensor where there is one
   */
  public static Graph read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new ModelsFault(
            "read "
                + file
                + ": found "
                + channel.size()
                + " bytes, at most 2 GiB fit protobuf; "
                + "export with external data");
      }
      return new OnnxReader(file)
          .parse(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    } catch (IOException e) {
      throw new ModelsFault("read " + file + ": not a readable file", e);
    }
  }

  /**
   * Reads and checks a graph from memory.
   *
   * @param name what messages call it; external data is looked for beside it
   */
  public static Graph read(Path name, ByteBuffer bytes) {
    return new OnnxReader(name).parse(bytes);
  }

  private Graph parse(ByteBuffer bytes) {
    ModelProto model;
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.enableAliasing(true);
      model = ModelProto.parseFrom(in);
    } catch (IOException e) {
      throw new ModelsFault(
          "read " + file + ": not an ONNX protobuf (" + e.getMessage() + "); copy the file again",
          e);
    }
    if (!model.hasGraph()) {
      throw new ModelsFault("read " + file + ": found no graph in it, wanted an ONNX model");
    }
    int opset = opset(model);
    Graph graph = graph(model.getGraph(), opset);
    for (OperatorSetIdProto id : model.getOpsetImportList()) {
      graph.opsets().put(domain(id.getDomain()), (int) id.getVersion());
    }
    Map<String, Function> functions = new LinkedHashMap<>();
    for (FunctionProto function : model.getFunctionsList()) {
      String key =
          Function.key(domain(function.getDomain()), function.getName(), function.getOverload());
      if (functions.put(key, function(function)) != null) {
        throw new ModelsFault("read " + file + ": function '" + key + "' is defined twice");
      }
    }
    new FunctionInliner(file.toString(), functions).inline(graph);
    GraphValidator.check(graph);
    OpsetUpgrade.apply(graph);
    return graph;
  }

  private int opset(ModelProto model) {
    for (OperatorSetIdProto id : model.getOpsetImportList()) {
      if (domain(id.getDomain()).isEmpty()) {
        if (id.getVersion() < OLDEST_OPSET || id.getVersion() > NEWEST_OPSET) {
          throw new ModelsFault(
              "read "
                  + file
                  + ": found opset "
                  + id.getVersion()
                  + ", wanted "
                  + OLDEST_OPSET
                  + " to "
                  + NEWEST_OPSET
                  + "; export again with one of these");
        }
        return (int) id.getVersion();
      }
    }
    throw new ModelsFault("read " + file + ": declares no version of ai.onnx, wanted an opset");
  }

  private Graph graph(GraphProto proto, int opset) {
    Graph graph = new Graph(file.toString(), opset);
    if (proto.getSparseInitializerCount() > 0) {
      throw new ModelsFault(
          "read " + file + ": found a sparse initializer, wanted dense ones; export dense weights");
    }
    for (TensorProto tensor : proto.getInitializerList()) {
      if (graph.initializers().put(tensor.getName(), tensors.decode(tensor, tensor.getName()))
          != null) {
        throw new ModelsFault(
            "read " + file + ": initializer '" + tensor.getName() + "' is defined twice");
      }
    }
    for (ValueInfoProto value : proto.getInputList()) {
      if (graph.initializers().containsKey(value.getName())) {
        continue; // an overridable default is a constant to us
      }
      if (graph.inputs().put(value.getName(), type(value)) != null) {
        throw new ModelsFault(
            "read " + file + ": input '" + value.getName() + "' is declared twice");
      }
    }
    for (ValueInfoProto value : proto.getOutputList()) {
      if (graph.outputs().put(value.getName(), type(value)) != null) {
        throw new ModelsFault(
            "read " + file + ": output '" + value.getName() + "' is declared twice");
      }
    }
    for (ValueInfoProto value : proto.getValueInfoList()) {
      if (value.getType().hasTensorType()
          && ElementType.find(value.getType().getTensorType().getElemType()).isPresent()) {
        graph.hints().put(value.getName(), type(value));
      }
    }
    for (NodeProto node : proto.getNodeList()) {
      graph.nodes().add(node(node, opset));
    }
    return graph;
  }

  private TensorType type(ValueInfoProto value) {
    TypeProto.Tensor tensor = value.getType().getTensorType();
    if (!value.getType().hasTensorType()) {
      // Bodies of control flow may leave their types open; what cannot be used is refused later.
      return new TensorType(ElementType.FLOAT32, null);
    }
    ElementType type =
        ElementType.find(tensor.getElemType())
            .orElseThrow(() ->
                new ModelsFault(
                    "read "
                        + file
                        + ": value '"
                        + value.getName()
                        + "': found element type code "
                        + tensor.getElemType()
                        + ", wanted a float, integer or bool type"));
    if (!tensor.hasShape()) {
      return new TensorType(type, null);
    }
    List<Dim> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
      if (dim.hasDimValue() && dim.getDimValue() < 0) {
        throw new ModelsFault(
            "read "
                + file
                + ": value '"
                + value.getName()
                + "': found dimension "
                + dim.getDimValue()
                + ", wanted at least 0");
      }
      if (dim.hasDimValue()) {
        dims.add(Dim.of(dim.getDimValue()));
      } else {
        dims.add(dim.getDimParam().isEmpty() ? Dim.unknown() : new Dim.Symbol(dim.getDimParam()));
      }
    }
    return new TensorType(type, dims);
  }

  private Node node(NodeProto proto, int opset) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (AttributeProto attribute : proto.getAttributeList()) {
      if (attributes.put(attribute.getName(), attribute(proto, attribute, opset)) != null) {
        throw new ModelsFault(
            where(proto) + ": attribute '" + attribute.getName() + "' is given twice");
      }
    }
    String op =
        proto.getOverload().isEmpty()
            ? proto.getOpType()
            : proto.getOpType() + "::" + proto.getOverload();
    return new Node(
        op,
        domain(proto.getDomain()),
        proto.getName(),
        proto.getInputList(),
        proto.getOutputList(),
        attributes);
  }

  private Attribute attribute(NodeProto node, AttributeProto proto, int opset) {
    if (!proto.getRefAttrName().isEmpty()) {
      return new Attribute.Reference(proto.getRefAttrName());
    }
    return switch (proto.getType()) {
      case INT -> new Attribute.IntValue(proto.getI());
      case FLOAT -> new Attribute.FloatValue(proto.getF());
      case STRING -> new Attribute.TextValue(proto.getS().toStringUtf8());
      case INTS -> new Attribute.IntList(proto.getIntsList());
      case FLOATS -> new Attribute.FloatList(proto.getFloatsList());
      case STRINGS ->
          new Attribute.TextList(
              proto.getStringsList().stream().map(s -> s.toStringUtf8()).toList());
      case TENSOR ->
          new Attribute.TensorValue(
              tensors.decode(proto.getT(), node.getOutputCount() > 0 ? node.getOutput(0) : ""));
      case GRAPH -> new Attribute.Body(graph(proto.getG(), opset));
      case GRAPHS, TENSORS, SPARSE_TENSOR, SPARSE_TENSORS, TYPE_PROTO, TYPE_PROTOS, UNDEFINED ->
          throw new ModelsFault(
              where(node)
                  + ": attribute '"
                  + proto.getName()
                  + "' is of kind "
                  + proto.getType()
                  + ", wanted a number, text, tensor or graph");
    };
  }

  private Function function(FunctionProto proto) {
    Map<String, Attribute> defaults = new LinkedHashMap<>();
    int opset = NEWEST_OPSET;
    for (OperatorSetIdProto id : proto.getOpsetImportList()) {
      opset = domain(id.getDomain()).isEmpty() ? (int) id.getVersion() : opset;
    }
    NodeProto owner = NodeProto.newBuilder().setOpType(proto.getName()).build();
    for (AttributeProto attribute : proto.getAttributeProtoList()) {
      defaults.put(attribute.getName(), attribute(owner, attribute, opset));
    }
    List<Node> body = new ArrayList<>();
    for (NodeProto node : proto.getNodeList()) {
      body.add(node(node, opset));
    }
    return new Function(
        proto.getName(),
        List.copyOf(proto.getInputList()),
        List.copyOf(proto.getOutputList()),
        new LinkedHashSet<>(proto.getAttributeList()),
        defaults,
        body);
  }

  private String where(NodeProto node) {
    return "read "
        + file
        + ": node "
        + node.getOpType()
        + (node.getName().isEmpty() ? "" : " '" + node.getName() + "'");
  }

  private static String domain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }
}
