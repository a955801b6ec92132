package dev.forearm.sim.node;

import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Disturbance;
import java.util.List;

/**
 * How a robot is simulated.
 *
 * @param gap how it differs from the robot of the demonstrations
 * @param disturbance pushes while moving; {@link Disturbance#NONE} for none
 * @param publishesClock whether simulated time is published, and stamps are in it
 * @param controllers what drives the joints
 */
public record SimSettings(
    Gap gap, Disturbance disturbance, boolean publishesClock, List<SimController> controllers) {
  public SimSettings {
    controllers = List.copyOf(controllers);
  }

  /** With one controller of all joints. */
  public SimSettings(Gap gap, Disturbance disturbance, boolean publishesClock) {
    this(gap, disturbance, publishesClock, List.of(SimController.WHOLE_ARM));
  }

  /** A robot with this gap, undisturbed, in the machine's time. */
  public static SimSettings of(Gap gap) {
    return new SimSettings(gap, Disturbance.NONE, false);
  }
}
