package dev.forearm.sim.scene;

import dev.forearm.runtime.policy.OrnsteinUhlenbeck;
import java.util.Arrays;

/**
 * Pushes that move the arm off what it is told: an {@link OrnsteinUhlenbeck} process a joint,
 * seeded. Used while demonstrating, so that the expert shows how to come back; recorded commands
 * stay what the expert wanted. The pushes fade where the tool is near the table, where they would
 * spoil a grasp.
 *
 * @param jointStd standard deviation of a joint's displacement, rad; 0 for none
 * @param correlationSeconds over which a displacement is forgotten
 */
public record Disturbance(double jointStd, double correlationSeconds) {
  /** No pushes. */
  public static final Disturbance NONE = new Disturbance(0, 1);

  /** What demonstrations are made under: the tool strays by a centimetre or so and is led back. */
  public static final Disturbance OF_DEMONSTRATIONS = new Disturbance(0.003, 0.4);

  private static final double CALM_BELOW = 0.08; // tool height, m
  private static final double FULL_ABOVE = 0.16; // tool height, m

  public Disturbance {
    if (!(jointStd >= 0) || !(correlationSeconds > 0)) {
      throw new IllegalArgumentException(
          "disturbance: wanted a standard deviation of at least 0 and a positive correlation time,"
              + " found %s rad and %s s".formatted(jointStd, correlationSeconds));
    }
  }

  /** One episode's pushes. Owned by the physics thread. */
  static final class Pushes {
    private static final int STEPS_PER_DRAW = 5;

    private final boolean pushes;
    private final OrnsteinUhlenbeck displacement;
    private int steps;

    Pushes(Disturbance disturbance, int joints) {
      pushes = disturbance.jointStd > 0;
      double[] std = new double[joints];
      Arrays.fill(std, disturbance.jointStd);
      double drawSeconds = STEPS_PER_DRAW * Tabletop.STEP_NANOS * 1e-9;
      displacement = new OrnsteinUhlenbeck(std, disturbance.correlationSeconds, drawSeconds);
    }

    void reset(long seed) {
      displacement.restart(seed ^ 0x9E3779B97F4A7C15L);
      steps = 0;
    }

    void step() {
      if (pushes && steps++ % STEPS_PER_DRAW == 0) {
        displacement.step();
      }
    }

    double of(int joint, double toolHeight) {
      double strength = (toolHeight - CALM_BELOW) / (FULL_ABOVE - CALM_BELOW);
      return displacement.value(joint) * Math.clamp(strength, 0.0, 1.0);
    }
  }
}
