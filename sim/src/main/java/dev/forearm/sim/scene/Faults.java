package dev.forearm.sim.scene;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Has the faults of an episode happen when their time comes. Owned by the thread that steps the
 * scene; allocates nothing while nothing happens.
 */
public final class Faults {
  private static final double CARRIED_ABOVE = 0.06; // m, height of a cube's centre over the table's
  private static final double IN_HAND = 0.04; // m between grasp point and the cube's centre
  private static final double SLIP = 0.045; // m, down to below the fingers

  private final Tabletop scene;
  private final List<Fault> coming = new ArrayList<>();
  private long steps;
  private double lastSeconds = Double.NaN;

  public Faults(Tabletop scene) {
    this.scene = scene;
  }

  /** Forgets those that did not happen and waits for others. Call after the scene was reset. */
  public void reset(List<Fault> next) {
    coming.clear();
    coming.addAll(next);
    steps = 0;
    lastSeconds = Double.NaN;
  }

  /** Has happen what is due. Call before each physics step. */
  public void update() {
    double now = steps++ * Tabletop.STEP_NANOS * 1e-9;
    if (coming.isEmpty()) {
      return;
    }
    for (Iterator<Fault> each = coming.iterator(); each.hasNext(); ) {
      Fault fault = each.next();
      if (now >= fault.atSeconds() && strikes(fault)) {
        lastSeconds = now;
        each.remove();
      }
    }
  }

  /** When the last one happened, simulated seconds since the reset; NaN before the first. */
  public double lastSeconds() {
    return lastSeconds;
  }

  /** Whether it could happen already. */
  private boolean strikes(Fault fault) {
    switch (fault) {
      case Fault.MovedCube moved -> {
        int cube = Tabletop.OBJECTS.indexOf(moved.cube());
        scene.shift(cube, moved.dx(), moved.dy(), 0);
      }
      case Fault.StuckJoint stuck -> scene.jam(Tabletop.JOINTS.indexOf(stuck.joint()));
      case Fault.FrozenCamera _ -> scene.freezeSight();
      case Fault.SlippedGrasp _ -> {
        int carried = carried();
        if (carried < 0) {
          return false;
        }
        scene.shift(carried, 0, 0, -SLIP);
      }
    }
    return true;
  }

  private int carried() {
    double[] tool = scene.toolPose();
    for (int cube = 0; cube < Tabletop.CUBES.size(); cube++) {
      double x = scene.object(cube, 0) - tool[0];
      double y = scene.object(cube, 1) - tool[1];
      double z = scene.object(cube, 2) - tool[2];
      boolean inHand = x * x + y * y + z * z < IN_HAND * IN_HAND;
      if (inHand && scene.object(cube, 2) > Tabletop.CUBE_HALF_EDGE + CARRIED_ABOVE) {
        return cube;
      }
    }
    return -1;
  }
}
