package dev.forearm.models.ort;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A {@code libonnxruntime} of a CUDA build that works in main memory and notes what it is asked
 * for: the C file {@code fake_cuda.c}, which says what a test may define, compiled for the test.
 *
 * @param runtime over that library
 */
public record FakeCuda(OrtRuntime runtime, Path log) {
  /**
   * Compiles and loads one. Skips the test, visibly, where there is no C compiler.
   *
   * @param defines strings, or numbers as they are
   */
  public static FakeCuda in(Path folder, Map<String, Object> defines) {
    Path library = folder.resolve("libonnxruntime.so");
    Path log = folder.resolve("calls.txt");
    List<String> command =
        new ArrayList<>(
            List.of("cc", "-std=gnu17", "-O1", "-shared", "-fPIC", "-Wl,-z,noexecstack"));
    command.add("-DREAL=\"%s\"".formatted(OrtRuntime.shared().library()));
    command.add("-DLOG=\"%s\"".formatted(log));
    defines.forEach((name, value) ->
        command.add(
            "-D%s=%s".formatted(name, value instanceof String ? "\"" + value + "\"" : value)));
    Path source = folder.resolve("fake_cuda.c");
    command.addAll(List.of("-o", library.toString(), source.toString(), "-ldl"));
    try (InputStream text = FakeCuda.class.getResourceAsStream("/fake_cuda.c")) {
      Files.copy(Objects.requireNonNull(text), source);
      Files.writeString(log, "");
      compile(command);
      return new FakeCuda(OrtRuntime.load(library), log);
    } catch (IOException e) {
      throw new IllegalStateException("fake CUDA in " + folder, e);
    }
  }

  private static void compile(List<String> command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      String line = "SKIPPED: no C compiler 'cc' for a library that stands in for CUDA's";
      System.out.println(line);
      abort(line);
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " fails: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it was asked for so far, one call a line. */
  public List<String> calls() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new IllegalStateException("fake CUDA", e);
    }
  }
}
