package dev.forearm.launch.session;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A session that runs: on threads of the machine's clock, or in lockstep on a simulated one. Used
 * and closed by the thread that started it.
 */
public sealed interface Drive extends AutoCloseable permits RealTimeDrive, LockstepDrive {
  /**
   * Lets the robot run.
   *
   * @param limitNanos on the session's clock
   * @return whether {@code done} within the limit
   */
  boolean runUntil(BooleanSupplier done, long limitNanos);

  /** What failed first of all that runs the session, if anything did. */
  Optional<AgentFailure> failure();

  /**
   * Brings the arm to rest within its limits, lets go of it, and only then ends the commands and
   * everything else. However the session came to its end, this is the way out.
   */
  @Override
  void close();
}
