package dev.forearm.viewer;

import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;

/**
 * Shows the viewer what the policy observed and imagined last. Written by the inference thread,
 * which never waits or allocates for it.
 */
public final class ForesightTap implements RuntimeTap {
  private final PolicySpec spec;
  private final SignalSlot observed;
  private final SignalSlot imagined;
  private final double[] observedValues;
  private final double[] imaginedValues;

  public ForesightTap(PolicySpec spec) {
    this.spec = spec;
    observedValues = new double[spec.observationWidth()];
    imaginedValues = new double[spec.frameSteps().size() * spec.frameWidth()];
    observed = new SignalSlot("observation", observedValues.length);
    imagined = new SignalSlot("imagination", imaginedValues.length);
  }

  /** Of the policy looked at. */
  PolicySpec spec() {
    return spec;
  }

  /** The newest observation, physical units, stamped on the runtime's clock. Any thread. */
  boolean readObserved(SignalReading reading) {
    return observed.read(reading);
  }

  /** The newest imagined frames [frame][feature], stamped with their observation. Any thread. */
  boolean readImagined(SignalReading reading) {
    return imagined.read(reading);
  }

  @Override
  public void observed(Observation observation) {
    write(observation.values(), observedValues, observed, observation.stampNanos());
  }

  @Override
  public void planned(Observation observation, Plan plan) {
    if (plan.imagines()) {
      write(plan.imagined(), imaginedValues, imagined, observation.stampNanos());
    }
  }

  private static void write(float[] from, double[] scratch, SignalSlot to, long stampNanos) {
    for (int i = 0; i < from.length; i++) {
      scratch[i] = from[i];
    }
    to.write(scratch, 0, stampNanos, stampNanos);
  }
}
