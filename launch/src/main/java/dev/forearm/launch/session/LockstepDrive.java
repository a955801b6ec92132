package dev.forearm.launch.session;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.lockstep.Lockstep;
import dev.forearm.runtime.lockstep.Physics;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Physics, policy, control and recorder in turn on the waiting thread, as fast as it goes. */
public final class LockstepDrive implements Drive {
  private static final long LET_GO_NANOS = 3_000_000_000L;

  private final RobotSession session;
  private final Lockstep lockstep;

  /**
   * @param session on {@code clock}; stays the caller's, to be closed after this
   * @param clock the one that {@code physics} and the transport go by
   * @param inferenceNanos modelled time from observation to chunk, asked at each plan
   */
  public LockstepDrive(
      RobotSession session,
      SimulatedClock clock,
      Physics physics,
      long physicsStepNanos,
      LongSupplier inferenceNanos) {
    this.session = session;
    lockstep =
        new Lockstep(
            clock,
            session.robot(),
            physics,
            session.policyLoop(),
            session.control(),
            () -> {
              session.bridge().commands().doWork(clock.nanos());
              session.bridge().goals().ifPresent(goals -> goals.doWork(clock.nanos()));
            },
            physicsStepNanos,
            inferenceNanos);
  }

  @Override
  public boolean runUntil(BooleanSupplier done, long limitNanos) {
    return lockstep.runUntil(
        () -> {
          session.recorder().ifPresent(EpisodeRecorder::drain);
          return done.getAsBoolean();
        },
        limitNanos);
  }

  @Override
  public Optional<AgentFailure> failure() {
    return Optional.ofNullable(session.control().board().failure())
        .map(cause -> new AgentFailure("control", cause));
  }

  @Override
  public void close() {
    session.control().disengage();
    boolean _ =
        runUntil(() -> !session.control().board().snapshot().state().commands(), LET_GO_NANOS);
  }
}
