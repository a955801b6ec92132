package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.node.RosArguments;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The ROS 2 package: by the real launch system where Python has it, and its words otherwise. */
final class LaunchFilesTest {
  private static final int NOT_INSTALLED = 77;
  private static final String PYTHON = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");

  @TempDir private Path folder;

  @Test
  void everyLaunchFileIsPython() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON,
                "-c",
                "import ast, sys\nfor name in sys.argv[1:]: ast.parse(open(name).read(), name)"));
    try (Stream<Path> files = Files.walk(Path.of("launch"))) {
      files
          .filter(file -> file.toString().endsWith(".py"))
          .map(Path::toString)
          .forEach(command::add);
    }
    assertTrue(command.size() > 10, "found " + command);
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor());
  }

  @Test
  void optionsThatAreWrittenAreThoseOfTheCommands() throws IOException {
    Map<?, ?> written =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Path.of("config/forearm.yaml")));
    CommandLine program = Main.commandLine(new java.io.PrintWriter(System.err, true, UTF_8));
    written.forEach((command, options) -> {
      CommandLine its = program.getSubcommands().get(String.valueOf(command));
      assertTrue(its != null, () -> "no command " + command);
      for (Object option : ((Map<?, ?>) options).keySet()) {
        assertTrue(
            Objects.requireNonNull(its).getCommandSpec().findOption("--" + option) != null,
            () -> command + " has no --" + option);
      }
    });
  }

  @Test
  void theLaunchSystemStartsWhatWasAskedForInOrder() throws Exception {
    Map<?, ?> told = told();
    assertEquals(
        List.of(
            List.of("forearm", "doctor", "--robot=ur5e", "--seconds=5", "--ros-args"),
            List.of(
                "forearm",
                "run",
                "--robot=ur5e",
                "--bundle=b.zip",
                "--out=episodes",
                "--dry-run",
                "--ros-args")),
        calls(told, "run"),
        "the doctor first");
    assertEquals(
        List.of(
            List.of(
                "forearm",
                "run",
                "--robot=tabletop",
                "--bundle=lift-sft",
                "--out=episodes",
                "--ros-args")),
        calls(told, "defaults"));
    assertEquals(
        List.of(
            List.of(
                "forearm",
                "run",
                "--robot=tabletop",
                "--out=episodes",
                "--policies=/s",
                "--keep-seconds",
                "30",
                "--ros-args")),
        calls(told, "shelf"));
    assertEquals(
        List.of(List.of("forearm", "sim", "--robot=so101", "--gap=default", "--ros-args")),
        calls(told, "sim"));
    assertEquals(
        List.of(List.of("forearm", "record", "--task=tidy", "--episodes=3", "--out=episodes")),
        calls(told, "record"));
    assertEquals(
        List.of(List.of("forearm", "learn", "--bundle=lift-sft", "--work=/w", "--follow=/data")),
        calls(told, "learn"));
    assertEquals(
        List.of(List.of("forearm", "doctor", "--robot=fr3", "--seconds=5", "--ros-args")),
        calls(told, "ill"),
        "a robot that should not run is not run");
    assertTrue(((Map<?, ?>) get(get(told, "run"), "declared")).containsKey("check"));
  }

  @Test
  void parametersReachTheNodeAndAPushedNamespaceIsItsOwn() throws Exception {
    Map<?, ?> told = told();
    List<String> run = strings(((List<?>) calls(told, "parameters").getFirst()));
    RosArguments given =
        RosArguments.parse(
            run.subList(run.indexOf("--ros-args") + 1, run.size()).stream()
                .filter(word -> !word.equals("--ros-args"))
                .toList());
    assertEquals(new NodeName("/left", "forearm"), given.name(NodeName.FOREARM));
    Map<?, ?> values = (Map<?, ?>) get(get(told, "parameters"), "values");
    assertEquals(Map.of("autostart", false, "use_sim_time", true, "robot_speed", 0.5), values);
  }

  private static List<String> strings(List<?> words) {
    return words.stream().map(String::valueOf).toList();
  }

  @Test
  void eachRobotComesUpWithItsMakersOwnLaunchFile() throws Exception {
    Map<?, ?> told = told();
    for (String robot : List.of("fr3", "ur5e", "so101")) {
      List<?> calls = calls(told, robot);
      List<?> maker =
          calls.stream()
              .map(call -> (List<?>) call)
              .filter(call -> call.getFirst().toString().endsWith(".launch.py"))
              .findFirst()
              .orElseThrow();
      Map<?, ?> taken = (Map<?, ?>) maker.get(1);
      assertTrue(
          calls.contains(
              List.of("forearm", "doctor", "--robot=" + robot, "--seconds=20", "--ros-args")));
      assertTrue(
          calls.contains(
              List.of(
                  "forearm",
                  "run",
                  "--robot=" + robot,
                  "--bundle=sway",
                  "--out=episodes",
                  "--ros-args")),
          () -> "its namespace and arguments are not the driver's: " + calls);
      List<?> given = (List<?>) maker.get(2);
      for (Object name : given) {
        assertTrue(
            taken.containsKey(name)
                || List.of("robot", "bundle", "dry_run", "check_seconds").contains(name),
            () -> "%s has no argument %s".formatted(maker.getFirst(), name));
      }
      switch (robot) {
        case "fr3" -> {
          assertEquals("fr3", taken.get("robot_type"));
          assertTrue(get(taken, "controllers_yaml").toString().endsWith("fr3_controllers.yaml"));
          assertTrue(calls.contains(List.of("spawner", "fr3_arm_controller", "--ros-args")));
        }
        case "ur5e" -> {
          assertEquals("scaled_joint_trajectory_controller", taken.get("initial_joint_controller"));
          assertEquals("true", taken.get("use_mock_hardware"));
          assertEquals("true", taken.get("use_fake_hardware"));
        }
        default -> {
          assertEquals("mock", taken.get("hardware_type"));
          assertNull(taken.get("joint_config_file"));
        }
      }
    }
  }

  /** What happened; skipped where Python has no launch system. */
  private Map<?, ?> told() throws Exception {
    Process process =
        new ProcessBuilder(PYTHON, "src/test/python/launch_files.py", folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    if (process.exitValue() == NOT_INSTALLED) {
      abort(PYTHON + " has no modules launch and launch_ros; source a ROS 2 to have this tested");
    }
    assertEquals(0, process.exitValue(), answer);
    assertFalse(answer.isBlank());
    return (Map<?, ?>)
        Objects.requireNonNull(Json.read(answer.lines().reduce((_, last) -> last).orElseThrow()));
  }

  private static List<?> calls(Map<?, ?> told, String what) {
    return (List<?>) get(get(told, what), "calls");
  }

  private static Object get(Object map, String key) {
    return Objects.requireNonNull(((Map<?, ?>) map).get(key), key);
  }
}
