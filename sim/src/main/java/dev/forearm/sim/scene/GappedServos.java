package dev.forearm.sim.scene;

import dev.forearm.sim.gap.Gap;

/**
 * The servos of the table-top arm, through its gap's gains and biases, and pushed. Owned by the
 * thread that steps the scene.
 */
final class GappedServos implements Servos {
  private static final int ARM_JOINTS = 7;

  private final Tabletop scene;
  private final Gap gap;
  private final Disturbance.Pushes pushes;

  GappedServos(Tabletop scene, Gap gap, Disturbance disturbance) {
    this.scene = scene;
    this.gap = gap;
    pushes = new Disturbance.Pushes(disturbance, ARM_JOINTS);
  }

  @Override
  public double jointPosition(int joint) {
    return scene.jointPosition(joint);
  }

  @Override
  public void hold(int joint, double target) {
    scene.servo(joint, target);
  }

  @Override
  public void follow(int joint, double target) {
    double home = Tabletop.home(joint);
    double told = home + gap.gain().get(joint) * (target - home) + gap.bias().get(joint);
    double height = scene.toolPose()[2];
    scene.servo(joint, joint < ARM_JOINTS ? told + pushes.of(joint, height) : told);
  }

  @Override
  public void beginStep() {
    pushes.step();
  }

  @Override
  public void reset(long seed) {
    pushes.reset(seed);
  }
}
