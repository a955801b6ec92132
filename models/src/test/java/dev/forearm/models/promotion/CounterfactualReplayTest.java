package dev.forearm.models.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.runtime.episode.RecordedPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CounterfactualReplayTest {
  private static final List<RecordedPlans> LOGS = SmallLogs.episodes(150, 3);

  @TempDir private Path folder;
  private Path incumbent;

  @BeforeEach
  void copy() throws IOException {
    incumbent = SmallBundle.copy(Files.createDirectory(folder.resolve("incumbent")));
  }

  private Finding judge(float shoulder, List<RecordedPlans> logs) {
    Path candidate =
        SmallLogs.changed(
            incumbent,
            folder.resolve("candidate"),
            "actor.direct.bias",
            SmallLogs.shoulder(shoulder));
    try (BundlePolicy before = BundlePolicy.load(incumbent, SmallBundle.robot());
        BundlePolicy after = BundlePolicy.load(candidate, SmallBundle.robot())) {
      return new CounterfactualReplay(SmallBundle.robot(), 1, after, before).judge(logs);
    }
  }

  private static double number(Finding found, String name) {
    return Objects.requireNonNull(found.numbers().get(name), name);
  }

  @Test
  void actionsThatLeadAwayFromSuccessPredictALoss() {
    Finding found = judge(-3, LOGS);
    assertEquals(Verdict.REFUSED, found.verdict(), found::explanation);
    assertTrue(number(found, "predicted_difference") < -0.01, found::explanation);
    assertTrue(number(found, "auc") > 0.8, found::explanation);
  }

  @Test
  void actionsThatLeadTowardsSuccessPredictNone() {
    Finding found = judge(3, LOGS);
    assertEquals(Verdict.PASSED, found.verdict(), found::explanation);
    assertTrue(number(found, "predicted_difference") > 0.01, found::explanation);
  }

  @Test
  void ofShuffledOutcomesItCannotTell() {
    Finding found = judge(-3, SmallLogs.shuffled(LOGS, 5));
    assertEquals(Verdict.CANNOT_TELL, found.verdict(), found::explanation);
    assertTrue(number(found, "brier_high") >= 1, found::explanation);
    assertTrue(number(found, "dynamics_error") < 0.5, found::explanation);
  }

  @Test
  void ofEpisodesThatAllSucceedItCannotTell() {
    List<RecordedPlans> successes = LOGS.stream().filter(RecordedPlans::succeeded).toList();
    Finding found = judge(-3, successes);
    assertEquals(Verdict.CANNOT_TELL, found.verdict(), found::explanation);
    assertTrue(found.explanation().contains("of either outcome"), found::explanation);
  }
}
