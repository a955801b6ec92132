package dev.forearm.models.onnx;

import java.util.List;
import java.util.Optional;

/** Values of Constant nodes, in whichever attribute they are given. */
public final class Constants {
  private Constants() {}

  /** The numeric value of a Constant node, or empty where it holds none. */
  public static Optional<HostTensor> of(Node node) {
    Optional<HostTensor> tensor = node.tensor("value");
    if (tensor.isPresent()) {
      return tensor;
    }
    return Optional.ofNullable(
        switch (node.attributes().values().stream().findFirst().orElse(null)) {
          case Attribute.IntValue(long value) -> HostTensor.ofLongs(new long[0], value);
          case Attribute.IntList list -> HostTensor.ofLongs(vector(list.values()), list.array());
          case Attribute.FloatValue(float value) -> HostTensor.ofFloats(new long[0], value);
          case Attribute.FloatList(List<Float> values) -> {
            float[] array = new float[values.size()];
            for (int i = 0; i < array.length; i++) {
              array[i] = values.get(i);
            }
            yield HostTensor.ofFloats(vector(values), array);
          }
          case null, default -> null;
        });
  }

  private static long[] vector(List<?> values) {
    return new long[] {values.size()};
  }
}
