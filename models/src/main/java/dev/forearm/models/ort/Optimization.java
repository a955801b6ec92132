package dev.forearm.models.ort;

/** How far ONNX Runtime may rewrite a graph; codes are {@code GraphOptimizationLevel}. */
public enum Optimization {
  NONE(0),
  BASIC(1),
  EXTENDED(2),
  ALL(99);

  private final int code;

  Optimization(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
