package dev.forearm.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The system's C compiler, for peers that are written in C: {@code CC}, or {@code cc}. */
public final class CCompiler {
  private CCompiler() {}

  /**
   * Compiles a source that lies beside a class.
   *
   * @param source its file's name
   * @param options after the source, for example libraries
   * @return the program or library, in {@code folder}
   * @throws IllegalStateException with what the compiler said, if there is none or it fails
   */
  public static Path compile(Class<?> beside, String source, Path folder, String... options)
      throws IOException, InterruptedException {
    Path file = folder.resolve(source);
    try (InputStream text = beside.getResourceAsStream(source)) {
      Files.copy(Objects.requireNonNull(text, source), file);
    }
    Path result = folder.resolve(source.replace(".c", ""));
    String compiler = System.getenv().getOrDefault("CC", "cc");
    List<String> command = new ArrayList<>(List.of(compiler, "-std=gnu17", "-O2"));
    command.addAll(List.of("-o", result.toString(), file.toString()));
    command.addAll(List.of(options));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "C compiler: found no '%s'; install gcc or name one with CC".formatted(compiler), e);
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("%s fails: %s".formatted(command, said.strip()));
    }
    return result;
  }
}
