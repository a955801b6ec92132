package dev.forearm.launch.session;

import dev.forearm.ros.robot.CommandPublisher;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderThread;
import dev.forearm.runtime.lockstep.Rehearsal;
import dev.forearm.runtime.realtime.CycleSummary;
import dev.forearm.runtime.realtime.RealTimeRunner;
import dev.forearm.runtime.realtime.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread each for control, inference and recording, on the monotonic clock. */
public final class RealTimeDrive implements Drive {
  private static final long LOOK_NANOS = 5_000_000;

  private final Clock clock = new MonotonicClock();
  private final List<AutoCloseable> threads = new ArrayList<>();
  private final Runnable onLook;
  private @Nullable RealTimeRunner control;
  private boolean ended; // waiting thread

  /**
   * @param onLook called by the waiting thread about every 5 ms while the robot runs, for a live
   *     line
   */
  public RealTimeDrive(Runnable onLook) {
    this.onLook = onLook;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public CommandSink commands(RobotBridge bridge) {
    return bridge.commandPublisher();
  }

  @Override
  public void start(RobotSession session) {
    try (CommandPublisher nowhere = session.bridge().rehearsedCommands()) {
      Rehearsal.of(
          session.robot(),
          session.tap(),
          nowhere,
          () -> session.recorder().ifPresent(EpisodeRecorder::drain));
    }
    session.recorder().ifPresent(recorder -> threads.add(new RecorderThread(recorder)));
    threads.add(
        RealTimeRunner.start(
            "inference",
            session.robot().policyPeriodNanos(),
            Urgency.ORDINARY,
            session.policyLoop()::step));
    RealTimeRunner runner =
        RealTimeRunner.start(
            "control",
            session.robot().controlPeriodNanos(),
            Urgency.CONTROL,
            session.control()::tick);
    threads.add(runner);
    control = runner;
  }

  @Override
  public boolean runUntil(BooleanSupplier done, long limitNanos) {
    long end = clock.nanos() + limitNanos;
    while (!done.getAsBoolean()) {
      if (ended || clock.nanos() - end >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
      onLook.run();
    }
    return true;
  }

  /** Has every wait end, this one and later ones; for {@code onLook}. */
  public void end() {
    ended = true;
  }

  /** Whether {@link #end} was called. */
  public boolean ended() {
    return ended;
  }

  /** How regularly the control thread runs. */
  public CycleSummary controlCycles() {
    RealTimeRunner started = control;
    if (started == null) {
      throw new IllegalStateException("the drive was not started");
    }
    return started.statistics().summary();
  }

  @Override
  public void close() {
    for (AutoCloseable thread : threads.reversed()) {
      switch (thread) {
        case RealTimeRunner runner -> runner.close();
        case RecorderThread recorder -> recorder.close();
        default -> throw new IllegalStateException("no thread of this drive: " + thread);
      }
    }
    threads.clear();
  }
}
