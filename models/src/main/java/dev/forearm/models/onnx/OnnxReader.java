package dev.forearm.models.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.proto.Onnx.AttributeProto;
import dev.forearm.models.onnx.proto.Onnx.FunctionProto;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.OperatorSetIdProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
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
 * opset 18 or newer ({@link OpsetUpgrade}). Initializers are all the graph's own, also those that a
 * body of control flow brings ({@link BodyConstants}).
 */
public final class OnnxReader {
  private static final int OLDEST_OPSET = 13;
  private static final int NEWEST_OPSET = 23;

  private final Path file;
  private final TensorDecoder tensors;
  private final ValueTypes types;

  private OnnxReader(Path file) {
    this.file = file;
    this.tensors = new TensorDecoder(file);
    this.types = new ValueTypes(file);
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
   * Reads and checks a graph from memory, which its weights go on lying in: it must not change.
   *
   * @param name what messages call it; external data is looked for beside it
   */
  public static Graph read(Path name, ByteBuffer bytes) {
    return new OnnxReader(name).parse(bytes);
  }

  private Graph parse(ByteBuffer bytes) {
    ModelProto model;
    try {
      // By way of a ByteString, which promises not to change: only then are weights left in place.
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
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
    Map<String, Integer> opsets = opsets("the model", model.getOpsetImportList());
    int opset = requireOpset("the model", opsets);
    Graph graph = graph(model.getGraph(), opset, false);
    graph.opsets().putAll(opsets);
    Map<String, Function> functions = new LinkedHashMap<>();
    for (FunctionProto function : model.getFunctionsList()) {
      String key =
          Function.key(domain(function.getDomain()), function.getName(), function.getOverload());
      Map<String, Integer> imported =
          opsets("function '" + key + "'", function.getOpsetImportList());
      imported.forEach(graph.opsets()::putIfAbsent);
      int written =
          imported.containsKey("") ? requireOpset("function '" + key + "'", imported) : opset;
      if (functions.put(key, function(function, written)) != null) {
        throw new ModelsFault("read " + file + ": function '" + key + "' is defined twice");
      }
    }
    List<Integer> written = new ArrayList<>(List.of(opset));
    functions.values().forEach(function -> written.add(function.opset()));
    OpsetUpgrade upgrade = new OpsetUpgrade(graph, written);
    upgrade.upgrade(graph, opset);
    new FunctionInliner(file.toString(), functions, upgrade).inline(graph);
    upgrade.finish();
    BodyConstants.lift(graph);
    GraphValidator.check(graph);
    return graph;
  }

  /** Versions by domain. */
  private Map<String, Integer> opsets(String who, List<OperatorSetIdProto> imports) {
    Map<String, Integer> versions = new LinkedHashMap<>();
    for (OperatorSetIdProto id : imports) {
      Integer before = versions.put(domain(id.getDomain()), (int) id.getVersion());
      if (before != null && before != id.getVersion()) {
        throw new ModelsFault(
            "read %s: %s imports domain '%s' in versions %s and %s, wanted one"
                .formatted(file, who, id.getDomain(), before, id.getVersion()));
      }
    }
    return versions;
  }

  private int requireOpset(String who, Map<String, Integer> versions) {
    Integer version = versions.get("");
    if (version == null) {
      throw new ModelsFault(
          "read %s: %s declares no version of ai.onnx, wanted an opset".formatted(file, who));
    }
    if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
      throw new ModelsFault(
          "read %s: %s: found opset %s, wanted %s to %s; export again with one of these"
              .formatted(file, who, version, OLDEST_OPSET, NEWEST_OPSET));
    }
    return version;
  }

  private Graph graph(GraphProto proto, int opset, boolean body) {
    Graph graph = new Graph(file.toString(), opset);
    if (proto.getSparseInitializerCount() > 0) {
      throw new ModelsFault(
          "read %s: initializer '%s' is sparse, wanted a dense one; export dense weights"
              .formatted(file, proto.getSparseInitializer(0).getValues().getName()));
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
      if (graph.inputs().put(value.getName(), types.read(value, body)) != null) {
        throw new ModelsFault(
            "read " + file + ": input '" + value.getName() + "' is declared twice");
      }
    }
    for (ValueInfoProto value : proto.getOutputList()) {
      if (graph.outputs().put(value.getName(), types.read(value, true)) != null) {
        throw new ModelsFault(
            "read " + file + ": output '" + value.getName() + "' is declared twice");
      }
    }
    for (ValueInfoProto value : proto.getValueInfoList()) {
      if (value.getType().hasTensorType()
          && ElementType.find(value.getType().getTensorType().getElemType()).isPresent()) {
        graph.hints().put(value.getName(), types.read(value, true));
      }
    }
    for (NodeProto node : proto.getNodeList()) {
      graph.nodes().add(node(node, opset));
    }
    return graph;
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
      case GRAPH -> new Attribute.Body(graph(proto.getG(), opset, true));
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

  private Function function(FunctionProto proto, int opset) {
    Map<String, Attribute> defaults = new LinkedHashMap<>();
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
        body,
        opset);
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
