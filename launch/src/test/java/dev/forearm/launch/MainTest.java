package dev.forearm.launch;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void everyCommandSaysWhatItDoesAndTakesJsonAndHelp() {
    List<CommandLine> commands =
        commandLine().getSubcommands().values().stream()
            .flatMap(command ->
                command.getSubcommands().isEmpty()
                    ? Stream.of(command)
                    : command.getSubcommands().values().stream())
            .filter(command -> !command.getCommandName().equals("help"))
            .toList();
    for (CommandLine command : commands) {
      String name = command.getCommandName();
      var options = command.getCommandSpec().optionsMap();
      assertTrue(options.containsKey("--help"), name);
      assertTrue(options.containsKey("--json"), name);
      assertTrue(options.containsKey("--verbose"), name);
      assertFalse(command.getUsageMessage().isBlank(), name);
      assertTrue(command.getCommandSpec().usageMessage().description().length > 0, name);
    }
  }

  @Test
  void anUnknownCommandExitsWithTwoAndNamesTheNearest() {
    assertEquals(2, run("docter"));
    assertTrue(err.toString().contains("forearm doctor"), err.toString());
  }

  @Test
  void anUnknownOptionExitsWithTwo() {
    assertEquals(2, run("doctor", "--jsn", "x"));
  }

  @Test
  void aFailureIsOneLineWithoutStackTrace() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertEquals(1, run("doctor", "--json", file.resolve("below/result.json").toString()));

    assertTrue(err.toString().startsWith("doctor: --json "), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void verboseShowsTheStackTrace() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertEquals(1, run("doctor", "--verbose", "--json", file.resolve("result.json").toString()));

    assertTrue(err.toString().contains("\tat dev.forearm."), err.toString());
  }

  @Test
  @SuppressWarnings("unchecked")
  void theDoctorReportsEveryFindingAndFailsExactlyIfSomethingIsMissing() throws Exception {
    Path json = folder.resolve("doctor.json");

    int exitCode = run("doctor", "--json", json.toString());

    var report =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(json));
    boolean missing = false;
    for (var finding : (List<Map<String, String>>) requireNonNull(report.get("findings"))) {
      String state = String.valueOf(finding.get("state"));
      assertTrue(List.of("ok", "less", "missing").contains(state), finding::toString);
      assertEquals(state.equals("ok"), "".equals(finding.get("remedy")), finding::toString);
      missing |= state.equals("missing");
    }
    assertEquals(!missing, report.get("can_run_demo"));
    assertEquals(missing ? 1 : 0, exitCode);
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(err, true), arguments);
  }

  private CommandLine commandLine() {
    return Main.commandLine(new PrintWriter(err, true));
  }
}
