package dev.forearm.datasets.lerobot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** LeRobot itself, which wants a Python of its own and gigabytes beside it. */
final class LeRobotPeer {
  private static final String VARIABLE = "FOREARM_LEROBOT_PYTHON";

  private LeRobotPeer() {}

  /** A Python that has LeRobot and mcap; without one the test is skipped and says so. */
  static String python() {
    String python = System.getenv(VARIABLE);
    if (python == null) {
      String skipped =
          "skipped: LeRobot's own loader was not asked; %s names a Python with lerobot, mcap and mcap-ros2-support"
              .formatted(VARIABLE);
      System.out.println(skipped);
      abort(skipped);
    }
    return python;
  }

  /** Runs one of the scripts, which must not fail, and returns its last line. */
  static String run(Path python, String script, Path... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(python.toString(), "src/test/resources/lerobot/" + script));
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.lines().reduce("", (_, line) -> line);
  }
}
