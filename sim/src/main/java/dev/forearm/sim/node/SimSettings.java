package dev.forearm.sim.node;

import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Disturbance;

/**
 * How a robot is simulated.
 *
 * @param gap how it differs from the robot of the demonstrations
 * @param disturbance pushes while moving; {@link Disturbance#NONE} for none
 * @param publishesClock whether simulated time is published, and stamps are in it
 */
public record SimSettings(Gap gap, Disturbance disturbance, boolean publishesClock) {
  /** A robot with this gap, undisturbed, in the machine's time. */
  public static SimSettings of(Gap gap) {
    return new SimSettings(gap, Disturbance.NONE, false);
  }
}
