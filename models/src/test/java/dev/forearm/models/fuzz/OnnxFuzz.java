package dev.forearm.models.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that claim to be an ONNX file, next to a file that external data may name. */
public final class OnnxFuzz {
  private static final Path FOLDER = folder();

  private OnnxFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    GraphPasses.run(FOLDER, input);
  }

  private static Path folder() {
    Path folder = Fuzzed.folder("onnx");
    try {
      Files.write(folder.resolve("weights.bin"), new byte[64]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }
}
