package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ExperimentCommandTest {
  private static final Path EPISODES =
      Path.of(Objects.requireNonNull(Main.class.getResource("train/episodes")).getPath());

  @TempDir private Path folder;

  private final @Nullable String home = System.getProperty("forearm.home");

  @BeforeEach
  void bundlesAreAtHome() {
    System.setProperty("forearm.home", "..");
  }

  @AfterEach
  void goBack() {
    if (home == null) {
      System.clearProperty("forearm.home");
    } else {
      System.setProperty("forearm.home", home);
    }
  }

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

  @Test
  void whatWasDoneInAnotherSizeIsNotTakenForThis() throws IOException {
    Path demonstrations = Files.createDirectories(folder.resolve("lift"));
    Files.createSymbolicLink(demonstrations.resolve("demo"), EPISODES);
    String[] cell = {"--task", "lift", "--arm", "sft", "--gap", "none", "--seed", "1"};
    ExperimentCommand once = command(join(cell, "--episodes", "1")).getCommand();
    assertEquals(0, once.call());
    assertEquals(0, once.call(), "it is there already");
    Path row = folder.resolve("sft-lift-none-1.json");
    assertRefused(
        "row %s: found episodes 1, wanted 2;".formatted(row), join(cell, "--episodes", "2"));
    assertRefused("found evaluation_seed 9001, wanted 7;", join(cell, "--evaluation-seed", "7"));

    Files.delete(row);
    Path learner = folder.resolve("sft-lift-none-1").resolve(LearnerState.FILE);
    String unlearned = Files.readString(learner);
    Files.writeString(learner, unlearned.replace("\"iterations\": []", "\"iterations\": [{}]"));
    assertRefused("has learned for 1 iterations, wanted at most 0;", cell);
  }

  private static String[] join(String[] first, String... more) {
    return Stream.of(first, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private void assertRefused(String why, String... arguments) {
    ExperimentCommand experiment = command(arguments).getCommand();
    LaunchFailure failure = assertThrows(LaunchFailure.class, experiment::call);
    assertTrue(failure.toString().contains(why), failure::toString);
  }
}
