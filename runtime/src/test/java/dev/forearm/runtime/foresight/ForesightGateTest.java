package dev.forearm.runtime.foresight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ForesightResponse;
import dev.forearm.runtime.robot.TabletopRobot;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With frames 4, 8, 12 and 16 steps ahead, of "joints" (8 values) and "red_cube" (3). */
final class ForesightGateTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long STEP = 50_000_000;
  private static final float SCALE = 0.5f;
  private static final ForesightLimits ONES = limits(1, 1);

  private final PolicySpec spec = SwayingPolicy.specFor(TabletopRobot.read());
  private final Observation observation = new Observation(spec.observationWidth());
  private final Plan plan = new Plan(spec);
  private boolean cubeIsApart; // of what comes about next
  private long step;

  @Test
  void nothingToCompareMeansExecuteAndNoNumbers() {
    ForesightGate gate = gate(Optional.of(ONES), 0);
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0, 0));
    assertTrue(Double.isNaN(gate.error()));
    assertTrue(Double.isNaN(gate.realised()));
    assertTrue(Double.isNaN(gate.spread()));
  }

  @Test
  void realisedIsTheDistanceToWhatWasImaginedAFrameAgo() {
    ForesightGate gate = gate(Optional.empty(), 0);
    fill(gate, 3f);
    judge(gate, 2f, 3f); // 3 was imagined for now, 2 came about, the scale is 0.5
    assertEquals(2.0, gate.realised(), 1e-6);
    assertEquals(2.0, gate.error(), 1e-6);
  }

  @Test
  void theWorstFeatureCountsAndNotTheirMean() {
    ForesightGate gate = gate(Optional.of(limits(1, 0.5)), 0);
    fill(gate, 0);
    cube(3 * SCALE / 2);
    judge(gate, 0, 0);
    assertEquals(3, gate.realised(), 1e-6, "1.5 scales, of a limit of 0.5");
    assertEquals(1.5 * Math.sqrt(3.0 / 11), gate.error(), 1e-6, "hidden in the mean of all");
  }

  @Test
  void spreadIsTheDifferenceOfPlansAboutTheSameInstants() {
    ForesightGate gate = gate(Optional.empty(), 0);
    fill(gate, 0);
    judge(gate, 0, 3 * SCALE);
    assertEquals(3, gate.spread(), 1e-6);
  }

  @Test
  void whatIsImaginedBetweenFramesLiesOnALine() {
    ForesightGate gate = gate(Optional.of(ONES), 8);
    fill(gate, 0);
    for (int frame = 0; frame < 4; frame++) {
      Arrays.fill(plan.imagined(), 11 * frame, 11 * (frame + 1), (frame + 1) * SCALE);
    }
    plan.imagines(true);
    observe(0);
    boolean _ = gate.goesOn(observation);
    gate.judge(observation, plan);
    step += 5; // five steps after what was just planned: in the middle of 1 and 2, a quarter on
    observe(1.25f * SCALE);
    boolean _ = gate.goesOn(observation);
    assertEquals(0, gate.realised(), 1e-6);
  }

  @Test
  void oneChannelOverItsLimitShortensAndBothHold() {
    ForesightGate gate = gate(Optional.of(ONES), 0);
    fill(gate, 0);
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0.4f, 0));
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 0.6f, 0), "far, but plans agree");
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0.4f, 0));
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 0, 3f), "torn, but it came about");
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 3f));
  }

  @Test
  void aHoldEndsAfterItsStepsAndTriesShortChunks() {
    ForesightGate gate = gate(Optional.of(ONES), 0);
    fill(gate, 0);
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 3f));
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 3f));
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 3f));
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 3f, 3f), "old futures are forgotten");
    for (int i = 0; i < 3; i++) {
      assertEquals(ForesightVerdict.SHORTEN, judge(gate, 3f, 3f));
    }
    judge(gate, 3f, 3f);
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 3f, 3f), "a new one came true");
  }

  @Test
  void withoutLimitsOrResponseEverythingIsExecuted() {
    ForesightGate unlimited = gate(Optional.empty(), 3);
    ForesightGate measuring = new ForesightGate(spec, scale(), Optional.of(ONES), Optional.empty());
    for (int i = 0; i < 30; i++) {
      assertEquals(ForesightVerdict.EXECUTE, judge(unlimited, 0, 100f * i));
      assertTrue(unlimited.planned());
      assertEquals(ForesightVerdict.EXECUTE, judge(measuring, 0, 100f * i));
      assertTrue(measuring.planned());
    }
  }

  @Test
  void aChunkGoesOnForItsStepsWhileItsFutureComesAbout() {
    ForesightGate gate = gate(Optional.of(ONES), 3);
    StringBuilder planned = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      judge(gate, 0, 0);
      planned.append(gate.planned() ? 'P' : '-');
    }
    assertEquals("PPPP---P---P--", planned.toString(), "once there is something to compare");
    judge(gate, 3f, 0);
    assertTrue(gate.planned(), "it came otherwise");
  }

  @Test
  void nothingGoesOnOnceAChunkWasRefused() {
    ForesightGate gate = gate(Optional.of(ONES), 3);
    fill(gate, 0);
    while (gate.planned()) {
      judge(gate, 0, 0);
    }
    gate.interrupt();
    judge(gate, 0, 0);
    assertTrue(gate.planned());
  }

  @Test
  void limitsOfOtherFeaturesAreRefused() {
    ForesightLimits others = new ForesightLimits(0.05, 40, Map.of("x", 1.0), Map.of("x", 1.0));
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> gate(Optional.of(others), 0));
    assertTrue(String.valueOf(fault.getMessage()).contains("calibrate it again"));
  }

  @Test
  void judgingAllocatesNothing() {
    ForesightGate gate = gate(Optional.of(ONES), 2);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 8; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 5000; i++) {
        judge(gate, i % 50 == 0 ? 3f : 0, i % 70 == 0 ? 3f : 0);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  private void fill(ForesightGate gate, float value) {
    for (int i = 0; i < 16; i++) {
      judge(gate, value, value);
    }
  }

  private ForesightVerdict judge(ForesightGate gate, float cameAbout, float imagined) {
    if (!cubeIsApart) {
      Arrays.fill(observation.values(), cameAbout);
    }
    cubeIsApart = false;
    observation.at(step * STEP, step * STEP);
    step++;
    if (gate.goesOn(observation)) {
      return gate.verdict();
    }
    Arrays.fill(plan.imagined(), imagined);
    plan.imagines(true);
    return gate.judge(observation, plan);
  }

  private void cube(float at) {
    Arrays.fill(observation.values(), 0);
    int cube = spec.offsetOf("red_cube");
    Arrays.fill(observation.values(), cube, cube + 3, at);
    cubeIsApart = true;
  }

  private void observe(float value) {
    Arrays.fill(observation.values(), value);
    observation.at(step * STEP, step * STEP);
  }

  private ForesightGate gate(Optional<ForesightLimits> limits, int skipSteps) {
    return new ForesightGate(
        spec, scale(), limits, Optional.of(new ForesightResponse(4, 3, skipSteps)));
  }

  private float[] scale() {
    float[] scale = new float[spec.frameWidth()];
    Arrays.fill(scale, SCALE);
    return scale;
  }

  private static ForesightLimits limits(double joints, double cube) {
    Map<String, Double> each = Map.of("joints", joints, "red_cube", cube);
    return new ForesightLimits(0.05, 40, each, each);
  }
}
