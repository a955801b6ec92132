package dev.forearm.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.models.samples.PlanSample;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ExperienceTest {
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
  private static final Driver POLICY = new Driver.Learned("abc");

  private final TreeMap<Long, float[]> observations = new TreeMap<>();
  private final TreeMap<Long, float[]> imaginations = new TreeMap<>();
  private final TreeMap<Long, double[]> chunks = new TreeMap<>();
  private final TreeMap<Long, Driver> drivers = new TreeMap<>();
  private final TreeMap<Long, double[]> commands = new TreeMap<>();
  private final TreeMap<Long, Integer> stages = new TreeMap<>(Map.of(0L, 0));

  private Map<String, String> outcome = Map.of();

  /** Sees 0, 1, 2, is commanded a tenth more, and a policy imagines a hundred more. */
  private void steps(Driver driver, int count) {
    for (int i = 0; i < count; i++) {
      int step = observations.size();
      long stamp = step * STEP_NANOS;
      observations.put(stamp, new float[] {step});
      chunks.put(stamp, new double[] {step + 50, step + 51});
      drivers.put(stamp, driver);
      commands.put(stamp, new double[] {step + 0.1});
      if (driver instanceof Driver.Learned) {
        imaginations.put(stamp, new float[] {step + 101, step + 102});
      }
    }
  }

  private RecordedPlans episode() {
    return new RecordedPlans(
        "x", Map.of(), outcome, observations, imaginations, chunks, drivers, commands, stages);
  }

  private List<Float> seen(List<PlanSample> samples) {
    return samples.stream().map(sample -> sample.observation()[0]).sorted().toList();
  }

  private static float firstFrame(List<PlanSample> samples, float seen) {
    return samples.stream()
        .filter(sample -> sample.observation()[0] == seen)
        .findFirst()
        .orElseThrow()
        .frames()[0];
  }

  @Test
  void theWorldModelAimsForWhatThePolicyImaginedAndForWhatAWayOutBroughtAbout() {
    steps(POLICY, 3);
    steps(new Driver.Recovery(), 3);
    steps(POLICY, 4);
    stages.put(7 * STEP_NANOS, 1);
    List<PlanSample> aimed = new Experience(10, true, false).aimed(SPEC, episode());

    assertEquals(List.of(0f, 1f, 2f, 3f, 4f, 5f, 6f), seen(aimed));
    assertEquals(101, firstFrame(aimed, 0));
    assertEquals(4, firstFrame(aimed, 3), "what followed");
    assertEquals(
        List.of(3f, 4f, 5f), seen(new Experience(10, false, false).aimed(SPEC, episode())));
  }

  @Test
  void onlyWhatANewStageFollowedSoonIsAimedFor() {
    steps(POLICY, 10);
    stages.put(7 * STEP_NANOS, 1);
    double twoSteps = 2 * STEP_NANOS * 1e-9;
    assertEquals(
        List.of(5f, 6f), seen(new Experience(twoSteps, true, false).aimed(SPEC, episode())));
    stages.clear();
    assertEquals(List.of(), seen(new Experience(twoSteps, true, false).aimed(SPEC, episode())));
  }

  @Test
  void orWhatFollowedEveryStepOfASuccess() {
    steps(POLICY, 5);
    Experience successes = new Experience(10, true, true);
    assertEquals(List.of(), seen(successes.aimed(SPEC, episode())));
    outcome = Map.of("result", "success");
    List<PlanSample> aimed = successes.aimed(SPEC, episode());
    assertEquals(List.of(0f, 1f, 2f), seen(aimed));
    assertEquals(1, firstFrame(aimed, 0), "what followed, not what was imagined");
  }

  @Test
  void theActorLearnsWhatEveryFutureWasBroughtAboutBy() {
    steps(POLICY, 5);
    List<PlanSample> done = new Experience(10, true, false).done(SPEC, episode());

    assertEquals(List.of(0f, 1f, 2f), seen(done), "those with a whole horizon");
    assertEquals(1, done.getFirst().frames()[0], "what followed, not what was imagined");
    assertEquals(1.1, done.getFirst().chunk()[0], 1e-9, "executed, not planned");
    assertEquals(2.1, done.getFirst().chunk()[1], 1e-9);
  }
}
