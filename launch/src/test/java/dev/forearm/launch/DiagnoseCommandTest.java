package dev.forearm.launch;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiagnoseCommandTest {
  private static final String BUNDLE = "../models/bundles/lift-sft";

  @TempDir private Path folder;

  @Test
  void everyHalfIsCrossedAndEveryPartOfTheGapIsMetAlone() {
    Map<?, ?> report =
        run(
            "diagnose",
            "--bundle",
            BUNDLE,
            "--gap",
            "servo-strong",
            "--episodes",
            "3",
            "--seed",
            "4",
            "--lessons",
            "4",
            "--steps",
            "60");
    List<?> cells = (List<?>) requireNonNull(report.get("cells"));
    assertEquals(8, Set.copyOf(cells).size());
    long successesAsItIs = successes(cells.getFirst());
    long adapted =
        cells.stream()
            .filter(cell -> cell.toString().contains("world_model=own, actor=own, adapted=true"))
            .mapToLong(DiagnoseCommandTest::successes)
            .sum();
    assertTrue(adapted > successesAsItIs, cells::toString);
    Map<?, ?> parts = (Map<?, ?>) requireNonNull(report.get("gap_parts"));
    assertEquals(Set.of("none", "servos", "all"), parts.keySet());
    assertTrue(String.valueOf(report.get("verdict")).contains("As it is it succeeds in"));
  }

  @Test
  void recordedEpisodesTellWhetherTheArmDidWhatWasImagined() {
    Path episodes = folder.resolve("episodes");
    run(
        "evaluate",
        "--bundle",
        BUNDLE,
        "--episodes",
        "3",
        "--seed",
        "4",
        "--tail",
        "0.9",
        "--out",
        episodes.toString());
    Map<?, ?> report = run("diagnose", "--bundle", BUNDLE, "--from-episodes", episodes.toString());
    assertEquals(3, number(report, "episodes"));
    Map<?, ?> height = at(report, "executed_on_imagined", "tool_position.z", "16");
    assertEquals(1, number(height, "slope"), 0.15, report::toString);
    assertTrue(number(height, "rms") < 0.03, report::toString);
    Map<?, ?> elbow = at(report, "actor_on_executed_command", "panda_joint4");
    assertTrue(number(elbow, "rms") < 0.05, report::toString);
    assertEquals(6, number(at(report, "confidence"), "segments_that_reached_a_stage"));
  }

  private static long successes(Object cell) {
    Map<?, ?> success = (Map<?, ?>) requireNonNull(((Map<?, ?>) cell).get("success"));
    return ((Number) requireNonNull(success.get("done"))).longValue();
  }

  private static double number(Map<?, ?> values, String key) {
    return ((Number) requireNonNull(values.get(key))).doubleValue();
  }

  private static Map<?, ?> at(Map<?, ?> report, String... keys) {
    Map<?, ?> found = report;
    for (String key : keys) {
      found = (Map<?, ?>) requireNonNull(found.get(key), key);
    }
    return found;
  }

  private Map<?, ?> run(String... arguments) {
    Path json = folder.resolve("result.json");
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--json", json.toString()));
    StringWriter err = new StringWriter();
    assertEquals(0, Main.run(new PrintWriter(err, true), all.toArray(String[]::new)));
    assertEquals("", err.toString());
    try {
      return requireNonNull((Map<?, ?>) Json.read(Files.readString(json)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
