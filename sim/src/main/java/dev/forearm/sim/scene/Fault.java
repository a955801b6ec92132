package dev.forearm.sim.scene;

import dev.forearm.sim.SimFault;
import java.util.List;

/**
 * Something that goes wrong while an episode is played. Nobody is told: not the task, not the
 * runtime.
 */
public sealed interface Fault {
  /** From when on, simulated seconds since the episode began. */
  double atSeconds();

  /**
   * Somebody moves a cube, at once and as it stands.
   *
   * @param cube of {@link Tabletop#OBJECTS}
   * @param dx how far along x, m, base frame
   * @param dy how far along y, m
   */
  record MovedCube(double atSeconds, String cube, double dx, double dy) implements Fault {
    public MovedCube {
      requireOneOf("cube", cube, Tabletop.CUBES);
    }
  }

  /**
   * A joint stays where it is, whatever it is told.
   *
   * @param joint of {@link Tabletop#JOINTS}
   */
  record StuckJoint(double atSeconds, String joint) implements Fault {
    public StuckJoint {
      requireOneOf("joint", joint, Tabletop.JOINTS);
    }
  }

  /** The next cube that is carried slips out of the fingers, downwards. */
  record SlippedGrasp(double atSeconds) implements Fault {}

  /** The object poses that vision reports stay what they are; their stamps go on. */
  record FrozenCamera(double atSeconds) implements Fault {}

  private static void requireOneOf(String what, String found, List<String> wanted) {
    if (!wanted.contains(found)) {
      throw new SimFault("fault: %s '%s' is none of %s".formatted(what, found, wanted));
    }
  }
}
