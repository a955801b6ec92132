package dev.forearm.launch.session;

import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.lockstep.CommandTrace;
import dev.forearm.runtime.lockstep.Lockstep;
import dev.forearm.runtime.lockstep.Physics;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Physics, policy, control and recorder in turn on the waiting thread, as fast as it goes. */
public final class LockstepDrive implements Drive {
  private final SimulatedClock clock;
  private final Physics physics;
  private final long physicsStepNanos;
  private final long inferenceNanos;
  private Optional<EpisodeRecorder> recorder = Optional.empty();
  private @Nullable Lockstep lockstep;
  private @Nullable CommandTrace trace;

  /**
   * @param clock the one that {@code physics} and the transport go by
   * @param inferenceNanos modelled time from observation to chunk
   */
  public LockstepDrive(
      SimulatedClock clock, Physics physics, long physicsStepNanos, long inferenceNanos) {
    this.clock = clock;
    this.physics = physics;
    this.physicsStepNanos = physicsStepNanos;
    this.inferenceNanos = inferenceNanos;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public CommandSink commands(RobotBridge bridge) {
    CommandTrace traced = new CommandTrace(bridge.inlineCommands(), bridge.joints());
    trace = traced;
    return traced;
  }

  @Override
  public void start(RobotSession session) {
    recorder = session.recorder();
    lockstep =
        new Lockstep(
            clock,
            session.robot(),
            physics,
            session.policyLoop(),
            session.control(),
            physicsStepNanos,
            inferenceNanos);
  }

  @Override
  public boolean runUntil(BooleanSupplier done, long limitNanos) {
    Lockstep started = lockstep;
    if (started == null) {
      throw new IllegalStateException("the drive was not started");
    }
    return started.runUntil(
        () -> {
          recorder.ifPresent(EpisodeRecorder::drain);
          return done.getAsBoolean();
        },
        limitNanos);
  }

  /** The hash of every command sent so far. */
  public String traceSha256() {
    CommandTrace started = trace;
    if (started == null) {
      throw new IllegalStateException("the drive was not started");
    }
    return started.sha256();
  }

  @Override
  public void close() {}
}
