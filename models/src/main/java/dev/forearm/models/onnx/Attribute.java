package dev.forearm.models.onnx;

import java.util.Arrays;
import java.util.List;

/** The value of a node's attribute. */
public sealed interface Attribute {
  record IntValue(long value) implements Attribute {}

  record FloatValue(float value) implements Attribute {}

  record TextValue(String value) implements Attribute {}

  record IntList(List<Long> values) implements Attribute {
    public IntList {
      values = List.copyOf(values);
    }

    public long[] array() {
      return values.stream().mapToLong(Long::longValue).toArray();
    }
  }

  record FloatList(List<Float> values) implements Attribute {
    public FloatList {
      values = List.copyOf(values);
    }
  }

  record TextList(List<String> values) implements Attribute {
    public TextList {
      values = List.copyOf(values);
    }
  }

  record TensorValue(HostTensor value) implements Attribute {}

  /** The body of If, Loop or Scan; it may read values of the graph around it by name. */
  record Body(Graph graph) implements Attribute {}

  /**
   * Inside a function body: the caller's attribute of that name. Gone once functions are inlined.
   */
  record Reference(String name) implements Attribute {}

  static Attribute of(long value) {
    return new IntValue(value);
  }

  static Attribute of(float value) {
    return new FloatValue(value);
  }

  static Attribute of(String value) {
    return new TextValue(value);
  }

  static Attribute of(long... values) {
    return new IntList(Arrays.stream(values).boxed().toList());
  }

  static Attribute of(HostTensor value) {
    return new TensorValue(value);
  }
}
