package dev.forearm.models.ort;

import dev.forearm.models.ModelsFault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ONNX Runtime says where CUDA does not work, as one sentence with a remedy. The words looked
 * for are those of versions 1.17 to 1.29.
 */
final class CudaFault {
  private static final Pattern LIBRARY =
      Pattern.compile("(lib[\\w.+-]+\\.so[.\\d]*): cannot open shared object file");
  private static final Pattern FAILURE = Pattern.compile("CUDA failure (\\d+): ([^;]+)");

  private CudaFault() {}

  /**
   * @param graph that was to be opened
   * @param said by ONNX Runtime
   */
  static ModelsFault of(String graph, String said) {
    return new ModelsFault(
        "open graph %s on CUDA: %s, or choose the CPU".formatted(graph, sentence(said)));
  }

  private static String sentence(String said) {
    Matcher library = LIBRARY.matcher(said);
    if (library.find()) {
      return missing(library.group(1));
    }
    if (said.contains("cuDNN is not available")) {
      return missing("libcudnn.so");
    }
    Matcher failure = FAILURE.matcher(said);
    if (failure.find()) {
      return failure(Integer.parseInt(failure.group(1)), failure.group(2).strip());
    }
    if (said.contains("nvalid device ID")) {
      return failure(101, "no such device");
    }
    if (said.contains("Available memory of")) {
      return failure(2, "the graph does not fit into the memory that it may use");
    }
    return "ONNX Runtime says: %s; it wants an NVIDIA driver, CUDA and cuDNN of the versions that it was built for: make these agree"
        .formatted(said.strip().replaceAll("\\s+", " "));
  }

  private static String missing(String library) {
    String remedy =
        library.startsWith("libcuda.")
            ? "an NVIDIA driver; install it (on a Jetson: run in its own system)"
            : library.startsWith("libcudnn")
                ? "cuDNN; install it for the same CUDA (Ubuntu: libcudnn9-cuda-12) or put its folder on LD_LIBRARY_PATH"
                : library.startsWith("libonnxruntime")
                    ? "it beside libonnxruntime.so; unpack all libraries of the CUDA build into one folder"
                    : "the CUDA libraries; install CUDA's runtime of that version or put its folder on LD_LIBRARY_PATH";
    return "found no %s, wanted %s".formatted(library, remedy);
  }

  /** Codes are {@code cudaError_t}. */
  private static String failure(int code, String text) {
    return switch (code) {
      case 2 ->
          "found too little GPU memory (%s); allow more with --cuda-memory, or end what else uses the GPU"
              .formatted(text);
      case 35 -> "found no NVIDIA driver, or one too old (%s); install a newer one".formatted(text);
      case 100 ->
          "found no GPU (%s); check that 'nvidia-smi -L' lists one, in a container too"
              .formatted(text);
      case 101 ->
          "found no such GPU (%s); name one that 'nvidia-smi -L' lists, the first is cuda:0"
              .formatted(text);
      default ->
          "CUDA failed (%s, code %s); see what 'nvidia-smi' says of the GPU".formatted(text, code);
    };
  }
}
