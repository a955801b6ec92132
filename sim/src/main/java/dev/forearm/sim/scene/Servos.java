package dev.forearm.sim.scene;

/** The joints that an {@link ArmDrive} moves. Called by the thread that steps the physics. */
public interface Servos {
  /** Where a joint is, rad or m. */
  double jointPosition(int joint);

  /** Has a joint go exactly there. */
  void hold(int joint, double target);

  /** Has a joint go where a command wants it, as well as it can. */
  default void follow(int joint, double target) {
    hold(joint, target);
  }

  /** Before the joints are told where to go in the coming step. */
  default void beginStep() {}

  /** When an episode begins. */
  default void reset(long seed) {}
}
