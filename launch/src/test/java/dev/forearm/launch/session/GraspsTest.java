package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.episode.EpisodeOutcome.Result;
import dev.forearm.sim.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GraspsTest {
  private static EpisodeResult episode(int stage, int red, int blue) {
    Map<String, Integer> attempts = Map.of("red_cube", red, "blue_cube", blue);
    return new EpisodeResult(1, Result.TIMEOUT, "", stage, 7, attempts, 40, Optional.empty());
  }

  @Test
  void aFirstGraspMissedIfItTookAnotherOrTheCubeWasNeverLifted() {
    List<EpisodeResult> results =
        List.of(episode(7, 1, 1), episode(4, 3, 1), episode(3, 2, 1), episode(0, 1, 0));
    assertEquals(
        Map.of(
            "red_cube",
            Map.of("episodes", 4, "attempts", 7, "missed", 3, "recovered", 2),
            "blue_cube",
            Map.of("episodes", 3, "attempts", 3, "missed", 1, "recovered", 0)),
        Grasps.report(Task.TIDY, results));
  }
}
