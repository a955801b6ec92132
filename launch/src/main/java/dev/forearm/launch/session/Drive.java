package dev.forearm.launch.session;

import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.control.CommandSink;
import java.util.function.BooleanSupplier;

/** What makes a session run: threads on the machine's clock, or lockstep on a simulated one. */
public interface Drive extends AutoCloseable {
  /** The clock that everything in the session goes by. */
  Clock clock();

  /** Where the control loop's commands go. */
  CommandSink commands(RobotBridge bridge);

  /** Starts the duties of a session that is wired up. */
  void start(RobotSession session);

  /**
   * Lets the robot run.
   *
   * @param limitNanos on {@link #clock()}
   * @return whether {@code done} within the limit
   */
  boolean runUntil(BooleanSupplier done, long limitNanos);

  /** Ends the duties. */
  @Override
  void close();
}
