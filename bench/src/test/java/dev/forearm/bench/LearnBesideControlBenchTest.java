package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program of a few lines in place of the real one. */
final class LearnBesideControlBenchTest {
  private static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  private static final int ROUNDS = 2;
  private static final long ROUND_NANOS = 200_000_000;

  @TempDir private Path home;

  /** A program whose {@code learn} does this; {@code $work} is its folder. */
  private LearnBesideControlBench whereLearning(String does) throws IOException {
    Path script = home.resolve("forearm");
    Files.writeString(
        script,
        """
        #!/bin/sh
        for work; do :; done # the last argument
        here=$(dirname "$0")
        echo "$1" >>"$here/commands"
        [ "$1" = learn ] || exit 0
        echo $$ >>"$here/learners"
        %s
        """
            .formatted(does));
    assertTrue(script.toFile().setExecutable(true));
    return new LearnBesideControlBench(ROBOT, new Program(home), ROUNDS, ROUND_NANOS);
  }

  @Test
  void itIsListed() {
    List<String> names =
        Benchmarks.all(ROBOT, home, 1, 1, 1).stream().map(Benchmark::name).toList();
    assertTrue(names.contains("learn-beside-control"), names::toString);
  }

  @Test
  void periodsAloneAndBesideALearnerAreComparedAndEveryLearnerIsEnded() throws IOException {
    Map<String, Double> values =
        whereLearning("mkdir -p \"$work/unfinished\"; exec sleep 60").run();

    assertEquals(
        value(values, "beside_period_p99_9_us") / value(values, "alone_period_p99_9_us"),
        value(values, "period_p99_9_ratio"),
        1e-6);
    assertTrue(value(values, "alone_periods") > 0, values::toString);
    assertTrue(value(values, "beside_periods") > 0, values::toString);
    assertEquals(List.of("record", "learn", "learn"), Files.readAllLines(home.resolve("commands")));
    for (String learner : Files.readAllLines(home.resolve("learners"))) {
      assertFalse(
          ProcessHandle.of(Long.parseLong(learner)).map(ProcessHandle::isAlive).orElse(false));
    }
  }

  private static double value(Map<String, Double> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  @Test
  void aLearnerThatNeverTrainsIsReportedWithWhatItSaid() throws IOException {
    LearnBesideControlBench bench = whereLearning("echo no such bundle; exit 3");
    String message = assertThrows(IllegalStateException.class, bench::run).toString();
    assertTrue(message.contains("ended with 3") && message.contains("no such bundle"), message);
  }

  @Test
  void aLearnerThatIsDoneBeforeTheMeasurementIsRefused() throws IOException {
    LearnBesideControlBench bench = whereLearning("mkdir -p \"$work/unfinished\"; echo candidate");
    String message = assertThrows(IllegalStateException.class, bench::run).toString();
    assertTrue(message.contains("before the measurement did: candidate"), message);
  }
}
