package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.models.bundle.SmallBundle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that runs a policy does beside: nothing, whatever its libraries would like. */
final class PolicyProcessTest {
  @TempDir private Path folder;
  private Path bundle;
  private Path home;
  private Path work;

  @BeforeEach
  void furnish() throws IOException {
    bundle = SmallBundle.copy(Files.createDirectory(folder.resolve("bundle")));
    home = Files.createDirectory(folder.resolve("home"));
    work = Files.createDirectory(folder.resolve("work"));
  }

  @Test
  void itLeavesNoFileButTheUnpackedLibrary() throws Exception {
    plan(List.of());

    assertEquals(List.of(), files(work));
    assertEquals(
        List.of("libonnxruntime.so"),
        files(home).stream().map(file -> String.valueOf(file.getFileName())).toList());
  }

  @Test
  void itSendsNothingAnywhere() throws Exception {
    boolean traceable =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "strace")));
    assumeTrue(
        traceable || "1".equals(System.getenv("FOREARM_REQUIRE_PEERS")),
        "no strace here to watch system calls with");
    Path calls = folder.resolve("calls");

    plan(
        List.of(
            "strace",
            "-f",
            "-qq",
            "-o",
            calls.toString(),
            "-e",
            "trace=execve,connect,/send(to|m?msg)"));

    List<String> seen = Files.readAllLines(calls);
    assertTrue(seen.stream().anyMatch(call -> call.contains("execve(")), seen::toString);
    assertEquals(List.of(), seen.stream().filter(call -> call.contains("AF_INET")).toList());
  }

  private void plan(List<String> watcher) throws Exception {
    List<String> command = new ArrayList<>(watcher);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            PolicyProcess.class.getName(),
            bundle.toString()));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeAll(List.of("FOREARM_ORT_LIB", "FOREARM_CACHE"));
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", home.toString(),
                "XDG_CACHE_HOME", home.toString(),
                "TMPDIR", home.toString()));
    int exitCode = builder.start().waitFor();
    assertEquals(0, exitCode, () -> said(output));
  }

  private static String said(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
