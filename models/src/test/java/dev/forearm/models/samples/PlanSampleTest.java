package dev.forearm.models.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PlanSampleTest {
  private static final Driver STUDENT = new Driver.Learned("ab12");
  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(new Feature("joints", new Source.JointPosition(), 1, "rad")),
          List.of("joints"),
          List.of("joints"),
          List.of(1),
          List.of("joint"),
          1,
          10);

  private final TreeMap<Long, float[]> observations = new TreeMap<>();
  private final TreeMap<Long, float[]> imaginations = new TreeMap<>();
  private final TreeMap<Long, double[]> chunks = new TreeMap<>();
  private final TreeMap<Long, Driver> drivers = new TreeMap<>();
  private final TreeMap<Long, double[]> commands = new TreeMap<>();

  private void step(Driver driver, boolean imagines) {
    long stamp = 10L * observations.size();
    observations.put(stamp, new float[] {stamp});
    chunks.put(stamp, new double[] {stamp});
    if (imagines) {
      imaginations.put(stamp, new float[1]);
    }
    if (!(driver instanceof Driver.Unknown)) {
      drivers.put(stamp, driver);
    }
  }

  private static boolean demonstrates(Driver driver) {
    return !(driver instanceof Driver.Learned);
  }

  private List<Double> samples(Predicate<Driver> who) {
    RecordedPlans episode =
        new RecordedPlans(
            "x",
            Map.of(),
            Map.of(),
            observations,
            imaginations,
            chunks,
            drivers,
            commands,
            new TreeMap<>());
    return PlanSample.of(SPEC, episode, who).stream().map(sample -> sample.chunk()[0]).toList();
  }

  @Test
  void whoDroveDecidesAndNotWhetherItImagined() {
    step(new Driver.Expert(), true);
    step(new Driver.Human("Ada"), true);
    step(STUDENT, false);
    step(STUDENT, true);
    step(new Driver.Expert(), false);
    step(new Driver.Expert(), false);
    assertEquals(
        List.of(0.0, 40.0),
        samples(PlanSampleTest::demonstrates),
        "whole horizons of demonstrators");
    assertEquals(List.of(20.0), samples(STUDENT::equals), "on-policy");
    assertEquals(List.of(), samples(new Driver.Learned("another")::equals));
  }

  @Test
  void aPersonsStepIsSampledWithWhatWasExecutedAndNotWithThePolicysChunk() {
    Driver ada = new Driver.Human("Ada");
    for (Driver driver : List.of(STUDENT, ada, ada, new Driver.Nobody(), ada, ada, ada)) {
      step(driver, true);
      commands.put(observations.lastKey(), new double[] {-1 - observations.lastKey()});
    }
    chunks.put(40L, new double[0]); // the policy had nothing to say, which is why
    commands.remove(60L);
    assertEquals(List.of(-21.0, -51.0), samples(ada::equals), "at 10 and 40");
  }

  @Test
  void whereNobodySaysWhoDroveAnImaginationIsSomePolicys() {
    step(new Driver.Unknown(), false);
    step(new Driver.Unknown(), false);
    step(new Driver.Unknown(), true);
    step(new Driver.Unknown(), true);
    assertEquals(List.of(0.0), samples(PlanSampleTest::demonstrates));
  }
}
