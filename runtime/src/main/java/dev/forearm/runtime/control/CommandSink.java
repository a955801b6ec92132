package dev.forearm.runtime.control;

/** Where commands leave the control thread. Implementations hand over and return at once. */
public interface CommandSink {
  /**
   * Whether the command before has left. While it has not, the control loop sends nothing and moves
   * nothing, so that no message ever carries the motion of two cycles.
   */
  default boolean ready() {
    return true;
  }

  /** Tells that commands start over: the next is where the joints are, and no motion. */
  default void startOver() {}

  /**
   * Takes one command.
   *
   * @param positions joint positions in the robot's joint order, rad or m; valid only during the
   *     call
   * @param stampNanos the control cycle's time on the runtime's clock
   */
  void send(double[] positions, long stampNanos);
}
