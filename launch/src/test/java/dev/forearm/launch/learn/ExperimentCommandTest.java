package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.LaunchFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ExperimentCommandTest {
  @TempDir private Path folder;

  private CommandLine command(String... more) {
    String at = folder.toString();
    List<String> arguments =
        new ArrayList<>(List.of("wam-rl", "--demonstrations", at, "--work", at, "--rows", at));
    arguments.addAll(List.of(more));
    CommandLine command = new CommandLine(new ExperimentCommand());
    command.parseArgs(arguments.toArray(String[]::new));
    return command;
  }

  @Test
  void withoutBeingToldItRunsEachMethodThatComesWithForearm() {
    List<String> arms = command().getCommandSpec().findOption("--arm").getValue();
    assertEquals(Method.NAMES, String.join(", ", arms));
    arms.forEach(Method::named);
  }

  @Test
  void demonstrationsThatAreNotThereAreNamed() {
    ExperimentCommand experiment = command("--task", "tidy", "--arm", "sft").getCommand();
    LaunchFailure failure = assertThrows(LaunchFailure.class, experiment::call);
    assertTrue(failure.toString().contains(folder.resolve("tidy").toString()), failure::toString);
  }
}
