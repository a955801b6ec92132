package dev.forearm.models.onnx;

import com.google.protobuf.ByteString;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.proto.Onnx.StringStringEntryProto;
import dev.forearm.models.onnx.proto.Onnx.TensorProto;
import dev.forearm.models.ort.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/** Turns a {@code TensorProto}, however it holds its data, into a {@link HostTensor}. */
final class TensorDecoder {
  private final Path file;
  private final ExternalData external;

  TensorDecoder(Path file) {
    this.file = file;
    this.external = new ExternalData(file);
  }

  HostTensor decode(TensorProto proto, String name) {
    ElementType type =
        ElementType.find(proto.getDataType())
            .orElseThrow(() ->
                fault(
                    name,
                    "element type code " + proto.getDataType(),
                    "a float, integer or bool type"));
    long[] dims = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    if (dims.length > TensorType.MOST_AXES) {
      throw fault(name, dims.length + " axes", "at most " + TensorType.MOST_AXES);
    }
    long elements = elements(name, dims, type);
    if (proto.hasSegment()) {
      throw fault(name, "a segmented tensor", "the whole tensor in one piece");
    }
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return HostTensor.of(type, dims, externalData(proto, name, elements * type.bytes()));
    }
    if (proto.hasRawData()) {
      ByteString raw = proto.getRawData();
      if (raw.size() != elements * type.bytes()) {
        throw fault(
            name, raw.size() + " bytes of data", elements * type.bytes() + " for its shape");
      }
      return HostTensor.of(type, dims, raw.asReadOnlyByteBuffer());
    }
    return HostTensor.of(type, dims, typedData(proto, name, type, (int) elements));
  }

  private ByteBuffer externalData(TensorProto proto, String name, long bytes) {
    String location = "";
    long offset = 0;
    long length = bytes;
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      try {
        switch (entry.getKey()) {
          case "location" -> location = entry.getValue();
          case "offset" -> offset = Long.parseLong(entry.getValue());
          case "length" -> length = Long.parseLong(entry.getValue());
          default -> {} // checksum and vendors' own keys say nothing about where the data lies
        }
      } catch (NumberFormatException _) {
        throw fault(
            name, "external data " + entry.getKey() + " '" + entry.getValue() + "'", "a number");
      }
    }
    if (length != bytes) {
      throw fault(name, length + " bytes of external data", bytes + " for its shape");
    }
    return external.map(name, location, offset, length);
  }

  private ByteBuffer typedData(TensorProto proto, String name, ElementType type, int elements) {
    int found =
        switch (type) {
          case FLOAT32 -> proto.getFloatDataCount();
          case FLOAT64 -> proto.getDoubleDataCount();
          case INT64 -> proto.getInt64DataCount();
          case UINT32, UINT64 -> proto.getUint64DataCount();
          case INT32, INT16, INT8, UINT16, UINT8, BOOL, FLOAT16, BFLOAT16 ->
              proto.getInt32DataCount();
        };
    if (found != elements) {
      throw fault(name, found + " values", elements + " for its shape");
    }
    ByteBuffer data = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      switch (type) {
        case FLOAT32 -> data.putFloat(proto.getFloatData(i));
        case FLOAT64 -> data.putDouble(proto.getDoubleData(i));
        case INT64 -> data.putLong(proto.getInt64Data(i));
        case UINT64 -> data.putLong(proto.getUint64Data(i));
        case UINT32 -> data.putInt((int) proto.getUint64Data(i));
        case INT32 -> data.putInt(proto.getInt32Data(i));
        case INT16, UINT16, FLOAT16, BFLOAT16 -> data.putShort((short) proto.getInt32Data(i));
        case INT8, UINT8, BOOL -> data.put((byte) proto.getInt32Data(i));
      }
    }
    return data.flip();
  }

  private long elements(String name, long[] dims, ElementType type) {
    long bytes = type.bytes();
    for (long dim : dims) {
      if (dim < 0) {
        throw fault(name, "dimension " + dim, "sizes of at least 0");
      }
      if (dim != 0 && bytes > Integer.MAX_VALUE / dim) {
        throw fault(name, "shape " + Arrays.toString(dims), "at most 2 GiB a tensor");
      }
      bytes *= dim;
    }
    return bytes / type.bytes();
  }

  private ModelsFault fault(String name, String found, String wanted) {
    return new ModelsFault(
        "read " + file + ": tensor '" + name + "': found " + found + ", wanted " + wanted);
  }
}
