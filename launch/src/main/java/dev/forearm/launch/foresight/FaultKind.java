package dev.forearm.launch.foresight;

import dev.forearm.sim.scene.Fault;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import java.util.Locale;
import java.util.SplittableRandom;

/** What goes wrong in the benchmark, and when: drawn from how the same start went without. */
enum FaultKind {
  MOVED_CUBE,
  STUCK_JOINT,
  SLIPPED_GRASP,
  FROZEN_CAMERA;

  private static final double NEAREST = 0.05; // m that a cube is moved
  private static final double FARTHEST = 0.10;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Draws a fault.
   *
   * @param clean the episode without it, which succeeded
   */
  Fault draw(Task task, CleanRun clean, SplittableRandom random) {
    boolean second = task == Task.TIDY && random.nextBoolean(); // which of two cubes
    double begins = second ? clean.doneSeconds(3) : 0;
    return switch (this) {
      case MOVED_CUBE -> {
        double grasped = clean.doneSeconds(second ? 4 : 1);
        double at = begins + (grasped - begins) * random.nextDouble(0.2, 0.8);
        double angle = random.nextDouble(2 * Math.PI);
        double length = random.nextDouble(NEAREST, FARTHEST);
        yield new Fault.MovedCube(
            at,
            second ? "blue_cube" : "red_cube",
            length * Math.cos(angle),
            length * Math.sin(angle));
      }
      case STUCK_JOINT ->
          new Fault.StuckJoint(
              anyTime(clean, random), Tabletop.JOINTS.get(random.nextInt(Tabletop.JOINTS.size())));
      case SLIPPED_GRASP -> new Fault.SlippedGrasp(begins);
      case FROZEN_CAMERA -> new Fault.FrozenCamera(anyTime(clean, random));
    };
  }

  private static double anyTime(CleanRun clean, SplittableRandom random) {
    return clean.seconds() * random.nextDouble(0.1, 0.8);
  }
}
