package dev.forearm.datasets.lerobot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An export in a process of its own, which can be killed. */
final class ExportProcess {
  private ExportProcess() {}

  public static void main(String[] arguments) {
    List<Path> files = Arrays.stream(arguments).skip(1).map(Path::of).toList();
    LeRobotExportTest.export(Path.of(arguments[0])).export(files);
  }

  static Process start(Path target, List<Path> files) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + target.getParent(), // for the libraries that it leaves
                "-cp",
                System.getProperty("java.class.path"),
                ExportProcess.class.getName(),
                target.toString()));
    files.forEach(file -> command.add(file.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Waits until so many episodes were taken, or the process ends. */
  static void awaitLine(Process process, int episodes) throws IOException {
    BufferedReader lines = process.inputReader(UTF_8);
    int taken = 0;
    for (String line = lines.readLine();
        line != null && (taken += line.contains(" frames") ? 1 : 0) < episodes + 1;
        line = lines.readLine()) {
      // until then
    }
  }
}
