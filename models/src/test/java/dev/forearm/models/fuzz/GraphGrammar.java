package dev.forearm.models.fuzz;

import com.google.protobuf.ByteString;
import dev.forearm.models.grad.RuleTable;
import dev.forearm.models.onnx.proto.Onnx.AttributeProto;
import dev.forearm.models.onnx.proto.Onnx.FunctionProto;
import dev.forearm.models.onnx.proto.Onnx.GraphProto;
import dev.forearm.models.onnx.proto.Onnx.ModelProto;
import dev.forearm.models.onnx.proto.Onnx.NodeProto;
import dev.forearm.models.onnx.proto.Onnx.OperatorSetIdProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import dev.forearm.models.onnx.proto.Onnx.TensorShapeProto;
import dev.forearm.models.onnx.proto.Onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads bytes as choices and builds the model they describe. Equal bytes give equal models. */
final class GraphGrammar {
  private static final List<String> OPERATORS = operators();
  private static final List<String> NUMBERS =
      List.of(
          "axis",
          "keepdims",
          "to",
          "group",
          "ceil_mode",
          "num_outputs",
          "start",
          "end",
          "layout",
          "hidden_size",
          "q_num_heads",
          "kv_num_heads",
          "allowzero",
          "noop_with_empty_axes",
          "batch_dims",
          "count_include_pad",
          "storage_order",
          "transA",
          "transB",
          "linear_before_reset",
          "num_groups",
          "stash_type",
          "exclusive",
          "reverse",
          "upper",
          "largest",
          "sorted",
          "blocksize",
          "select_last_index",
          "value_int",
          "is_causal",
          "interleaved",
          "rotary_embedding_dim",
          "num_heads",
          "detect_positive",
          "fmod",
          "dtype",
          "exclude_outside",
          "antialias",
          "softmax_precision");
  private static final List<String> LISTS =
      List.of(
          "axes",
          "perm",
          "kernel_shape",
          "strides",
          "pads",
          "dilations",
          "output_padding",
          "output_shape",
          "value_ints",
          "split");
  private static final List<String> REALS =
      List.of(
          "alpha",
          "beta",
          "epsilon",
          "value_float",
          "gamma",
          "scale",
          "softcap",
          "momentum",
          "cubic_coeff_a",
          "extrapolation_value",
          "clip",
          "bias",
          "lambd");
  private static final List<String> TEXTS =
      List.of(
          "auto_pad",
          "mode",
          "equation",
          "direction",
          "reduction",
          "approximate",
          "nearest_mode",
          "coordinate_transformation_mode",
          "keep_aspect_ratio_policy",
          "activations");
  private static final List<String> WORDS =
      List.of(
          "",
          "SAME_UPPER",
          "SAME_LOWER",
          "VALID",
          "constant",
          "reflect",
          "edge",
          "wrap",
          "linear",
          "cubic",
          "nearest",
          "bidirectional",
          "reverse",
          "forward",
          "ij,jk->ik",
          "...ij,...jk->...ik",
          "ii->i",
          "i,j",
          "bij,bjk",
          "->",
          "a...b->b",
          "zz,z...->z...",
          "add",
          "mul",
          "min",
          "none",
          "tanh",
          "align_corners",
          "asymmetric",
          "half_pixel",
          "pytorch_half_pixel",
          "floor",
          "ceil",
          "not_larger",
          "DCR",
          "CRD",
          "Tanh",
          "Relu");
  private static final long[] SIZES = {
    1, 2, 3, 4, 0, 5, 6, 8, 16, 64, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, -2, 7
  };
  private static final int MOST_NODES = 8;
  private static final int MOST_ELEMENTS = 256;

  private final byte[] bytes;
  private int at;
  private int fresh;
  private boolean calls;

  GraphGrammar(byte[] bytes) {
    this.bytes = bytes;
  }

  private static List<String> operators() {
    TreeSet<String> names = new TreeSet<>(RuleTable.differentiable());
    names.addAll(RuleTable.nonDifferentiable());
    names.addAll(
        List.of("StopGradient", "If", "Loop", "Scan", "Local", "Optional", "QuantizeLinear"));
    return List.copyOf(names);
  }

  ModelProto model() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(10)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(23 - choose(11)));
    model.setGraph(graph(List.of(), 0));
    if (calls) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("local").setVersion(1));
      model.addFunctions(function());
    }
    return model.build();
  }

  private GraphProto graph(List<String> outer, int depth) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("g" + depth);
    List<String> values = new ArrayList<>(outer);
    for (int i = choose(3) + (depth == 0 ? 1 : 0); i > 0; i--) {
      String name = name("x");
      graph.addInput(value(name));
      values.add(name);
    }
    for (int i = choose(5); i > 0; i--) {
      TensorProto tensor = tensor(name("w"));
      graph.addInitializer(tensor);
      values.add(tensor.getName());
    }
    List<String> made = new ArrayList<>();
    for (int i = 1 + choose(depth == 0 ? MOST_NODES : 2); i > 0; i--) {
      NodeProto node = node(values, depth);
      graph.addNode(node);
      values.addAll(node.getOutputList());
      made.addAll(node.getOutputList());
    }
    graph.addOutput(value(made.getLast()));
    if (choose(4) == 3) {
      graph.addOutput(value(values.get(choose(values.size()))));
    }
    return graph.build();
  }

  private FunctionProto function() {
    List<String> values = new ArrayList<>(List.of("a", "b"));
    FunctionProto.Builder function =
        FunctionProto.newBuilder().setDomain("local").setName("Local").addAllInput(values);
    for (int i = 1 + choose(2); i > 0; i--) {
      NodeProto node = node(values, 1);
      function.addNode(node);
      values.addAll(node.getOutputList());
    }
    return function.addOutput(values.getLast()).build();
  }

  private NodeProto node(List<String> values, int depth) {
    String op = OPERATORS.get(choose(OPERATORS.size()));
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op);
    if (op.equals("Local") || op.equals("StopGradient")) {
      node.setDomain("local");
      calls = true;
    }
    for (int i = choose(6); i > 0; i--) {
      // Newer values more often than older ones: that makes chains, which loss and gradient run
      // along.
      int back = choose(values.size() + 1);
      node.addInput(back == values.size() ? "" : values.get(values.size() - 1 - back));
    }
    for (int i = choose(3) == 2 ? 1 + choose(3) : 1; i > 0; i--) {
      node.addOutput(name("v"));
    }
    for (int i = choose(4); i > 0; i--) {
      node.addAttribute(attribute(values, depth));
    }
    return node.build();
  }

  private AttributeProto attribute(List<String> values, int depth) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder();
    switch (choose(depth == 0 ? 6 : 5)) {
      case 0 ->
          attribute
              .setName(NUMBERS.get(choose(NUMBERS.size())))
              .setType(AttributeProto.AttributeType.INT)
              .setI(number());
      case 1 -> {
        attribute
            .setName(LISTS.get(choose(LISTS.size())))
            .setType(AttributeProto.AttributeType.INTS);
        for (int i = choose(5); i > 0; i--) {
          attribute.addInts(number());
        }
      }
      case 2 ->
          attribute
              .setName(TEXTS.get(choose(TEXTS.size())))
              .setType(AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(WORDS.get(choose(WORDS.size()))));
      case 3 ->
          attribute
              .setName(REALS.get(choose(REALS.size())))
              .setType(AttributeProto.AttributeType.FLOAT)
              .setF(choose(4) == 0 ? Float.NaN : choose(256) / 64f);
      case 4 ->
          attribute.setName("value").setType(AttributeProto.AttributeType.TENSOR).setT(tensor(""));
      default ->
          attribute
              .setName(choose(2) == 0 ? "then_branch" : "body")
              .setType(AttributeProto.AttributeType.GRAPH)
              .setG(graph(values, depth + 1));
    }
    return attribute.build();
  }

  private ValueInfoProto value(String name) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    if (choose(8) == 7) {
      return value.build();
    }
    var tensor = value.getTypeBuilder().getTensorTypeBuilder().setElemType(type());
    if (choose(8) == 7) {
      return value.build();
    }
    TensorShapeProto.Builder shape = tensor.getShapeBuilder();
    for (int rank = choose(6); rank > 0; rank--) {
      switch (choose(4)) {
        case 0 -> shape.addDimBuilder().setDimParam("N");
        case 1 -> shape.addDimBuilder();
        default -> shape.addDimBuilder().setDimValue(Math.max(0, number()));
      }
    }
    return value.build();
  }

  private TensorProto tensor(String name) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    int elements = 1;
    for (int rank = choose(5); rank > 0; rank--) {
      int size = choose(5);
      if (elements * size <= MOST_ELEMENTS) {
        tensor.addDims(size);
        elements *= size;
      }
    }
    if (choose(2) == 0) {
      tensor.setDataType(TensorProto.DataType.INT64_VALUE);
      for (int i = 0; i < elements; i++) {
        tensor.addInt64Data(number());
      }
    } else {
      tensor.setDataType(TensorProto.DataType.FLOAT_VALUE);
      for (int i = 0; i < elements; i++) {
        tensor.addFloatData(choose(16) - 8);
      }
    }
    return tensor.build();
  }

  /** Float32 half of the time. */
  private int type() {
    return choose(2) == 0 ? 1 : choose(18);
  }

  /** Small more often than not. */
  private long number() {
    int choice = choose(32);
    return choice < SIZES.length ? SIZES[choice] : choice - SIZES.length - 4;
  }

  /** A new name; one time in 64 an old one. */
  private String name(String stem) {
    return choose(64) == 63 ? stem + choose(4) : stem + fresh++;
  }

  private int choose(int among) {
    int value = at < bytes.length ? bytes[at++] & 0xff : 0;
    return value % among;
  }
}
