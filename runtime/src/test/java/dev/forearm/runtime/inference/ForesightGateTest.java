package dev.forearm.runtime.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ForesightLimits;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForesightGateTest {
  private static final long STEP = 50_000_000;
  private static final float SCALE = 0.5f;

  private final PolicySpec spec = SwayingPolicy.specFor(TabletopRobot.read());
  private final Observation observation = new Observation(spec.observationWidth());
  private final Plan plan = new Plan(spec);
  private long step;

  @Test
  void nothingToCompareMeansExecuteAndNoError() {
    ForesightGate gate = gate(Optional.of(new ForesightLimits(1, 2, 0.5, 4, 3)));
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0, 0));
    assertTrue(Double.isNaN(gate.error()));
  }

  @Test
  void errorIsTheDifferenceInFeatureScales() {
    ForesightGate gate = gate(Optional.empty());
    for (int i = 0; i < 4; i++) {
      judge(gate, 0, 3f);
    }
    judge(gate, 2f, 3f); // 3 was imagined for now, 2 came about, the scale is 0.5
    assertEquals(2.0, gate.error(), 1e-6);
  }

  @Test
  void withoutLimitsEverythingIsExecuted() {
    ForesightGate gate = gate(Optional.empty());
    for (int i = 0; i < 30; i++) {
      assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0, 100f));
    }
  }

  @Test
  void verdictTightensAtItsThresholdsAndRelaxesOnlyBelowResume() {
    ForesightGate gate = gate(Optional.of(new ForesightLimits(1, 4, 0.5, 4, 3)));
    fill(gate);
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0.4f, 0)); // error 0.8
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 0.6f, 0)); // 1.2
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 0.4f, 0)); // 0.8: not below 0.5 yet
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 0.2f, 0)); // 0.4
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 0)); // 6
  }

  @Test
  void holdEndsAfterItsStepsAndTriesShortChunks() {
    ForesightGate gate = gate(Optional.of(new ForesightLimits(1, 4, 0.5, 4, 3)));
    fill(gate);
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 0));
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 0));
    assertEquals(ForesightVerdict.HOLD, judge(gate, 3f, 0));
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 3f, 3f));
    assertEquals(ForesightVerdict.SHORTEN, judge(gate, 3f, 3f)); // old futures are forgotten
    for (int i = 0; i < 3; i++) {
      judge(gate, 3f, 3f);
    }
    assertEquals(ForesightVerdict.EXECUTE, judge(gate, 3f, 3f)); // and a new one came true
  }

  private void fill(ForesightGate gate) {
    for (int i = 0; i < 16; i++) {
      judge(gate, 0, 0);
    }
  }

  private ForesightVerdict judge(ForesightGate gate, float cameAbout, float imagined) {
    Arrays.fill(observation.values(), cameAbout);
    observation.at(step * STEP, step * STEP);
    step++;
    Arrays.fill(plan.imagined(), imagined);
    plan.imagines(true);
    return gate.judge(observation, plan);
  }

  private ForesightGate gate(Optional<ForesightLimits> limits) {
    float[] scale = new float[spec.frameWidth()];
    Arrays.fill(scale, SCALE);
    return new ForesightGate(spec, scale, limits);
  }
}
