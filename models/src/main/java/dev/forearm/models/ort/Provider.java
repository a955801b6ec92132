package dev.forearm.models.ort;

/** Where a session computes. */
public enum Provider {
  CPU("CPUExecutionProvider"),
  CUDA("CUDAExecutionProvider");

  private final String ortName;

  Provider(String ortName) {
    this.ortName = ortName;
  }

  /** ONNX Runtime's name of it. */
  public String ortName() {
    return ortName;
  }
}
