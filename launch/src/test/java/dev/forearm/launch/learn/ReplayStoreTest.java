package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeOutcome.Result;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayStoreTest {
  @TempDir private Path folder;

  /** Three of each of two iterations, and one of a third that is under way. */
  @BeforeEach
  void fill() throws IOException {
    for (int iteration = 1; iteration <= 2; iteration++) {
      episode(iteration, iteration + "-coached", "coached", Result.SUCCESS);
      episode(iteration, iteration + "-done", "tidy-sft", Result.SUCCESS);
      episode(iteration, iteration + "-failed", "tidy-sft", Result.TIMEOUT);
    }
    episode(3, "3-failed", "tidy-sft", Result.GAVE_UP);
  }

  private void episode(int iteration, String name, String bundle, Result result)
      throws IOException {
    Path place = new ReplayStore(folder, 0).folder(iteration);
    try (EpisodeRecorder recorder =
        new EpisodeRecorder(RecorderSettings.lockstep(place), new SimulatedClock())) {
      recorder.begin(new EpisodeInfo(name, "tidy", 0, "tabletop", bundle, "", Map.of()));
      Path file = recorder.end(EpisodeOutcome.of(result, "")).file();
      Files.move(file, place.resolve(name + ".mcap"));
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private List<String> left() throws IOException {
    return files().stream().map(f -> f.getFileName().toString().replace(".mcap", "")).toList();
  }

  /** Bytes of the iterations that are done. */
  private long done() throws IOException {
    return files().stream()
        .filter(file -> !file.endsWith("3-failed.mcap"))
        .mapToLong(file -> file.toFile().length())
        .sum();
  }

  private boolean bound(long bytes) {
    return new ReplayStore(folder, bytes).bound(2);
  }

  @Test
  void failuresGoFirstAndTheOldestOfThemAndThenSuccesses() throws IOException {
    assertFalse(bound(0), "no bound");
    assertFalse(bound(done()), "within the bound");
    assertTrue(bound(done() - 1));
    assertEquals(
        List.of("1-coached", "1-done", "2-coached", "2-done", "2-failed", "3-failed"), left());
    assertTrue(bound(done() - 1));
    assertEquals(List.of("1-coached", "1-done", "2-coached", "2-done", "3-failed"), left());
    assertTrue(bound(done() - 1));
    assertEquals(List.of("1-coached", "2-coached", "2-done", "3-failed"), left());
  }

  @Test
  void demonstrationsAndWhatIsUnderWayStayWhateverTheyTake() throws IOException {
    assertTrue(bound(1));
    assertEquals(List.of("1-coached", "2-coached", "3-failed"), left());
    assertFalse(bound(1));
    assertTrue(new ReplayStore(folder, 1).holds(1));
  }

  /** One step at a time as if it were killed after each, against all in one. */
  @Test
  void whoeverIsKilledOnTheWayEndsUpWithTheSame() throws IOException {
    long wanted = done() / 2;
    for (long most = done(); most > wanted; most -= 50) {
      bound(most);
    }
    bound(wanted);
    List<String> stepwise = left();
    for (Path file : files()) {
      Files.delete(file);
    }
    fill();
    bound(wanted);
    assertEquals(stepwise, left());
  }
}
