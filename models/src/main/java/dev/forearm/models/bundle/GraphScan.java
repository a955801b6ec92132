package dev.forearm.models.bundle;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A first look at an ONNX file: which operators it uses, nested graphs and local functions
 * included, and which of its tensors lie outside. Reads the protobuf's wire format and nothing
 * else, so it works on whatever ONNX Runtime works on.
 *
 * <p>Field numbers: onnx.proto3, messages ModelProto, GraphProto, NodeProto, AttributeProto,
 * TensorProto, FunctionProto.
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

  private static final int DEPTH_LIMIT = 32;

  private final Set<String> operators = new LinkedHashSet<>();
  private final Set<String> external = new LinkedHashSet<>();

  private GraphScan() {}

  static GraphScan of(String name, byte[] graph) {
    GraphScan scan = new GraphScan();
    try {
      scan.model(CodedInputStream.newInstance(graph));
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

  private interface Field {
    boolean read(int number, CodedInputStream in) throws IOException;
  }

  private static void message(CodedInputStream in, Field field) throws IOException {
    int tag;
    while ((tag = in.readTag()) != 0) {
      boolean nested = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (!nested || !field.read(WireFormat.getTagFieldNumber(tag), in)) {
        in.skipField(tag);
      }
    }
  }

  private static void nested(CodedInputStream in, Field field) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    message(in, field);
    in.popLimit(limit);
  }

  private void model(CodedInputStream in) throws IOException {
    message(
        in,
        (number, at) -> {
          switch (number) {
            case 7 -> nested(at, graph(0)); // ModelProto.graph
            case 25 -> nested(at, function()); // ModelProto.functions
            default -> {
              return false;
            }
          }
          return true;
        });
  }

  private Field graph(int depth) {
    return (number, in) -> {
      if (depth > DEPTH_LIMIT) {
        throw new IOException("graphs nested deeper than " + DEPTH_LIMIT);
      }
      switch (number) {
        case 1 -> nested(in, node(depth)); // GraphProto.node
        case 5 -> initializer(in); // GraphProto.initializer
        default -> {
          return false;
        }
      }
      return true;
    };
  }

  private Field function() {
    return (number, in) -> {
      if (number != 7) { // FunctionProto.node
        return false;
      }
      nested(in, node(0));
      return true;
    };
  }

  private Field node(int depth) {
    return (number, in) -> {
      switch (number) {
        case 4 -> operators.add(in.readString()); // NodeProto.op_type
        case 5 -> nested(in, attribute(depth)); // NodeProto.attribute
        default -> {
          return false;
        }
      }
      return true;
    };
  }

  private Field attribute(int depth) {
    return (number, in) -> {
      switch (number) {
        case 5, 10 -> initializer(in); // AttributeProto.t, .tensors
        case 6, 11 -> nested(in, graph(depth + 1)); // AttributeProto.g, .graphs
        default -> {
          return false;
        }
      }
      return true;
    };
  }

  private void initializer(CodedInputStream in) throws IOException {
    String[] name = {""};
    boolean[] outside = {false};
    nested(
        in,
        (number, at) -> {
          switch (number) {
            case 8 -> name[0] = at.readString(); // TensorProto.name
            case 13 -> { // TensorProto.external_data
              outside[0] = true;
              return false;
            }
            default -> {
              return false;
            }
          }
          return true;
        });
    if (outside[0]) {
      external.add(name[0]);
    }
  }
}
