package dev.forearm.runtime.foresight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ForesightCalibrationTest {
  private static final long STEP = 50_000_000;
  private static final int STEPS = 30;
  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(
              new Feature("joint", new Source.JointPosition(), 1, "rad"),
              new Feature("cube", new Source.ObjectPosition("cube"), 3, "m")),
          List.of("joint"),
          List.of("joint", "cube"),
          List.of(2, 4),
          List.of("joint"),
          4,
          STEP);

  @Test
  void goodEpisodesAreStoppedAtMostAtTheStatedRate() {
    SplittableRandom random = new SplittableRandom(7);
    int calibrations = 60;
    double stopped = 0;
    for (int i = 0; i < calibrations; i++) {
      ForesightLimits limits = calibrated(random, 78).limits(0.1);
      stopped += calibrated(random, 20).stopped(limits) / calibrations;
    }
    // Exactly 4 / 40 in expectation: the 36th of 39 scores; 60 calibrations leave 0.011 of error.
    assertEquals(0.1, stopped, 0.035);
  }

  @Test
  void theHeldOutHalfIsStoppedAboutAsOften() {
    SplittableRandom random = new SplittableRandom(11);
    double rate = calibrated(random, 2000).heldOutFalseStops(0.05);
    assertEquals(0.05, rate, 0.025);
  }

  @Test
  void limitsAreOfEachFeature() {
    SplittableRandom random = new SplittableRandom(3);
    ForesightLimits limits = calibrated(random, 200).limits(0.05);
    double joint = limits.realised().getOrDefault("joint", 0.0);
    double cube = limits.realised().getOrDefault("cube", 0.0);
    assertTrue(joint > 4 * cube, () -> "the joint strays ten times as far: " + limits);
    assertEquals(200, limits.episodes());
  }

  @Test
  void tooFewEpisodesForARateAreRefused() {
    ForesightCalibration few = calibrated(new SplittableRandom(1), 37);
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> few.limits(0.05));
    assertTrue(String.valueOf(fault.getMessage()).contains("38 or more"), fault::getMessage);
    assertEquals(38, calibrated(new SplittableRandom(1), 38).limits(0.05).episodes());
  }

  /**
   * Episodes of a policy whose imagination is off by noise, in some episodes more than in others.
   */
  private static ForesightCalibration calibrated(SplittableRandom random, int episodes) {
    float[] scale = new float[SPEC.frameWidth()];
    Arrays.fill(scale, 1);
    ForesightCalibration calibration = new ForesightCalibration(SPEC, scale);
    Observation seen = new Observation(SPEC);
    float[] imagined = new float[2 * SPEC.frameWidth()];
    for (int episode = 0; episode < episodes; episode++) {
      calibration.begin();
      double noise = Math.exp(random.nextGaussian());
      for (int step = 0; step < STEPS; step++) {
        seen.at(step * STEP, step * STEP);
        for (int i = 0; i < imagined.length; i++) {
          double reach = i % SPEC.frameWidth() == 0 ? 1 : 0.1;
          imagined[i] = (float) (reach * noise * random.nextGaussian());
        }
        calibration.add(seen, imagined);
      }
    }
    return calibration;
  }
}
