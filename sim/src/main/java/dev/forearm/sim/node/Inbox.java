package dev.forearm.sim.node;

import dev.forearm.sim.scene.ArmDrive;

/** What came for a controller, on its way to the physics thread. */
interface Inbox extends AutoCloseable {
  /**
   * Physics thread: passes on what came since the last call.
   *
   * @param nowNanos on the physics' clock
   * @param rosNanos the same in ROS time
   */
  void drain(ArmDrive drive, long nowNanos, long rosNanos);

  /** Physics thread: drops what came, and what is still being done for it. */
  void discard();

  /** Publishers of commands, or clients for goals, right now: two are two commanders. */
  int commanders();

  @Override
  void close();
}
