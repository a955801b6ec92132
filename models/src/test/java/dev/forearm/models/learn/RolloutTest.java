package dev.forearm.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RolloutTest {
  private static final long STEP_NANOS = 50_000_000;
  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(new Feature("joints", new Source.JointPosition(), 1, "rad")),
          List.of("joints"),
          List.of("joints"),
          List.of(1, 2),
          List.of("joint"),
          2,
          STEP_NANOS);

  /** Ten steps; plans on 0, 3 and 6, the one on 3 by somebody else; stages at 5 and 9. */
  private static RecordedPlans episode() {
    TreeMap<Long, float[]> observations = new TreeMap<>();
    TreeMap<Long, float[]> imaginations = new TreeMap<>();
    TreeMap<Long, double[]> chunks = new TreeMap<>();
    TreeMap<Long, Driver> drivers = new TreeMap<>();
    TreeMap<Long, double[]> explorations = new TreeMap<>();
    for (int step = 0; step < 10; step++) {
      observations.put(step * STEP_NANOS, new float[] {step});
    }
    for (int step : List.of(0, 3, 6)) {
      long stamp = step * STEP_NANOS;
      imaginations.put(stamp, new float[] {step + 101, step + 102});
      chunks.put(stamp, new double[] {step + 50, step + 51});
      drivers.put(stamp, step == 3 ? new Driver.Recovery() : new Driver.Learned("abc"));
      explorations.put(stamp, new double[] {0.1 * step});
    }
    return new RecordedPlans(
        "x",
        Map.of(),
        Map.of(),
        observations,
        imaginations,
        chunks,
        drivers,
        new TreeMap<>(),
        new TreeMap<>(Map.of(0L, 0, 5 * STEP_NANOS, 1, 9 * STEP_NANOS, 2)),
        explorations);
  }

  @Test
  void aDecisionLastsUntilTheNextAndIsPaidTheStagesInBetween() {
    List<Rollout.Decision> decisions = Rollout.of(SPEC, episode()).decisions();
    assertEquals(List.of(6, 3), decisions.stream().map(Rollout.Decision::steps).toList());
    assertEquals(List.of(1, 1), decisions.stream().map(Rollout.Decision::stages).toList());
    Rollout.Decision second = decisions.getLast();
    assertArrayEquals(new double[] {0.6}, second.strayed(), 1e-12);
    assertArrayEquals(new float[] {107, 108}, second.sample().frames());
    assertArrayEquals(new float[] {7, 8}, second.followed().orElseThrow());
  }

  @Test
  void whatAStepPaidIsDiscountedFromTheStagesToCome() {
    List<Outlook> outlooks = Outlook.of(SPEC, episode(), 0.5);
    assertEquals(8, outlooks.size(), "those with a whole horizon");
    assertEquals(1 + Math.pow(0.5, 4), outlooks.get(4).paid(), 1e-12);
    assertEquals(Math.pow(0.5, 3), outlooks.get(5).paid(), 1e-12);
    assertTrue(outlooks.get(6).imagined().isPresent());
    assertFalse(outlooks.get(5).imagined().isPresent());
    assertArrayEquals(new float[] {6, 7}, outlooks.get(5).followed());
  }
}
