package dev.forearm.models.onnx;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.proto.Onnx.TensorShapeProto;
import dev.forearm.models.onnx.proto.Onnx.TypeProto;
import dev.forearm.models.onnx.proto.Onnx.ValueInfoProto;
import dev.forearm.models.ort.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns what a file declares about a value into a {@link TensorType}: tensors and nothing else. */
final class ValueTypes {
  private final Path file;

  ValueTypes(Path file) {
    this.file = file;
  }

  /**
   * The declared type.
   *
   * @param mayBeOpen whether no type at all will do: bodies of control flow and outputs may leave
   *     theirs to inference
   */
  TensorType read(ValueInfoProto value, boolean mayBeOpen) {
    return switch (value.getType().getValueCase()) {
      case TENSOR_TYPE -> tensor(value.getName(), value.getType().getTensorType());
      case VALUE_NOT_SET -> {
        if (!mayBeOpen) {
          throw fault(value.getName(), "no type", "a tensor type");
        }
        yield new TensorType(ElementType.FLOAT32, null);
      }
      case SEQUENCE_TYPE, MAP_TYPE, OPTIONAL_TYPE, SPARSE_TENSOR_TYPE, OPAQUE_TYPE ->
          throw fault(
              value.getName(),
              value.getType().getValueCase().name().replace('_', ' ').toLowerCase(Locale.ROOT),
              "a tensor; export without it");
    };
  }

  private TensorType tensor(String name, TypeProto.Tensor tensor) {
    ElementType type =
        ElementType.find(tensor.getElemType())
            .orElseThrow(() ->
                fault(
                    name,
                    "element type code " + tensor.getElemType(),
                    "a float, integer or bool type"));
    if (!tensor.hasShape()) {
      return new TensorType(type, null);
    }
    List<Dim> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
      if (dim.hasDimValue() && dim.getDimValue() < 0) {
        throw fault(name, "dimension " + dim.getDimValue(), "at least 0");
      }
      if (dim.hasDimValue()) {
        dims.add(Dim.of(dim.getDimValue()));
      } else {
        dims.add(dim.getDimParam().isEmpty() ? Dim.unknown() : new Dim.Symbol(dim.getDimParam()));
      }
    }
    TensorType declared = new TensorType(type, dims);
    if (!declared.absurdity().isEmpty()) {
      throw new ModelsFault(
          "read %s: value '%s': found %s".formatted(file, name, declared.absurdity()));
    }
    return declared;
  }

  private ModelsFault fault(String value, String found, String wanted) {
    return new ModelsFault(
        "read " + file + ": value '" + value + "': found " + found + ", wanted " + wanted);
  }
}
