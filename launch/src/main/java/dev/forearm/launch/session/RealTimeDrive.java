package dev.forearm.launch.session;

import dev.forearm.ros.robot.CommandGoals;
import dev.forearm.ros.robot.CommandPublisher;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.agent.OverrunCause;
import dev.forearm.runtime.agent.Pace;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.Scheduling;
import dev.forearm.runtime.agent.VmPauses;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.episode.RecorderAgent;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.robot.ControlThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread each for control, commands, inference and recording, on the monotonic clock. */
public final class RealTimeDrive implements Drive {
  private static final Logger LOG = LoggerFactory.getLogger(RealTimeDrive.class);
  private static final long LOOK_NANOS = 5_000_000;
  private static final long WATCH_NANOS = 20_000_000;

  /** Braking takes the slowest joint some hundred milliseconds; this is a backstop. */
  private static final long LET_GO_NANOS = 3_000_000_000L;

  /** The flight recorder tells once a second, and what it told the time before is complete. */
  private static final long PAUSES_NANOS = 3_000_000_000L;

  private final RobotSession session;
  private final AgentFailures failures;
  private final Runnable onLook;
  private final List<AgentRunner> runners = new ArrayList<>(); // in the order of their start
  private final PeriodicRunner control;
  private final VmPauses pauses = VmPauses.watch();
  private boolean ended; // waiting thread

  private RealTimeDrive(RobotSession session, AgentFailures failures, Runnable onLook) {
    this.session = session;
    this.failures = failures;
    this.onLook = onLook;
    session.rehearse();
    failures.tell(this::stopFor);
    session
        .recorder()
        .ifPresent(recorder -> wakeful(new RecorderAgent(recorder), RecorderAgent.rest()));
    CommandPublisher commands = session.bridge().commands();
    wakeful(commands, commands.rest());
    session.bridge().goals().ifPresent(goals -> wakeful(goals, CommandGoals.rest()));
    wakeful(session.bridge().foresight(), Rest.forNanos(session.robot().policyPeriodNanos() / 2));
    session.driver().ifPresent(driver -> wakeful(driver, Rest.forNanos(WATCH_NANOS)));
    periodic(new Planning(session.policyLoop()), session.robot().policyPeriodNanos());
    ControlThread thread = session.robot().controlThread();
    Pace pace =
        switch (thread.pacing()) {
          case CLOCK -> Pace.byClock();
          case JOINT_STATES -> Pace.byBell(session.signals().jointStateBell());
        };
    control =
        PeriodicRunner.start(
            new Controlling(session.control()),
            session.robot().controlPeriodNanos(),
            pace,
            thread.scheduling(),
            failures);
    runners.add(control);
    wakeful(new ControlWatch(session.control()), Rest.forNanos(WATCH_NANOS));
  }

  /**
   * Rehearses and starts the threads.
   *
   * @param session on the monotonic clock; stays the caller's, to be closed after this
   * @param failures hears of the session's agents from now on
   * @param onLook called by the waiting thread about every 5 ms while the robot runs, for a live
   *     line
   */
  public static RealTimeDrive start(RobotSession session, AgentFailures failures, Runnable onLook) {
    return new RealTimeDrive(session, failures, onLook);
  }

  @Override
  public boolean runUntil(BooleanSupplier done, long limitNanos) {
    long end = session.clock().nanos() + limitNanos;
    while (!done.getAsBoolean()) {
      if (ended
          || session.clock().nanos() - end >= 0
          || failures.first().isPresent()
          || Thread.currentThread().isInterrupted()) {
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

  @Override
  public Optional<AgentFailure> failure() {
    return failures.first();
  }

  /** How regularly the control thread runs. */
  public CycleSummary controlCycles() {
    return control.statistics().summary();
  }

  /**
   * How many of its cycles came late, by what held them up. Waits up to three seconds for the
   * virtual machine to tell of its pauses, if there were late cycles lately.
   */
  public Map<OverrunCause, Long> controlOverruns() {
    long end = session.clock().nanos() + PAUSES_NANOS;
    Map<OverrunCause, Long> causes = control.overruns().causes(pauses);
    while (causes.values().stream().mapToLong(Long::longValue).sum() < control.overruns().count()
        && session.clock().nanos() - end < 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_NANOS);
      causes = control.overruns().causes(pauses);
    }
    return causes;
  }

  @Override
  public void close() {
    letGo();
    runners.reversed().forEach(AgentRunner::close); // control before the rest, the recorder last
    pauses.close();
  }

  private void letGo() {
    session.control().disengage();
    long end = session.clock().nanos() + LET_GO_NANOS;
    while (control.alive() && session.control().board().snapshot().state().commands()) {
      if (session.clock().nanos() - end >= 0) {
        LOG.error("the arm did not come to rest in {} s; its commands end", LET_GO_NANOS / 1e9);
        return;
      }
      boolean interrupted = Thread.interrupted(); // it would turn the wait into a spin
      LockSupport.parkNanos(LOOK_NANOS);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void stopFor(String agent, Throwable cause) {
    if (agent.equals(Controlling.NAME)) {
      session.control().ended(cause);
    } else {
      session.control().fail(agent);
    }
  }

  private void wakeful(Agent agent, Rest rest) {
    runners.add(WakefulRunner.start(agent, rest, failures));
  }

  private void periodic(Agent agent, long periodNanos) {
    runners.add(PeriodicRunner.start(agent, periodNanos, Scheduling.ORDINARY, failures));
  }

  private record Controlling(ControlLoop loop) implements Agent {
    static final String NAME = "control";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public int doWork(long nowNanos) {
      loop.tick(nowNanos);
      return 1;
    }
  }

  private record Planning(PolicyLoop loop) implements Agent {
    @Override
    public String name() {
      return "inference";
    }

    @Override
    public int doWork(long nowNanos) {
      loop.step(nowNanos);
      return 1;
    }
  }

  /** Says what the control thread must not: that a cycle failed, and why some came late. */
  private final class ControlWatch implements Agent {
    private final ControlLoop loop;
    private @Nullable Throwable seen;

    ControlWatch(ControlLoop loop) {
      this.loop = loop;
    }

    @Override
    public String name() {
      return "control watch";
    }

    @Override
    public int doWork(long nowNanos) {
      Throwable failure = loop.board().failure();
      if (failure != null && !failure.equals(seen)) {
        failures.keep(Controlling.NAME, failure);
      }
      seen = failure;
      Map<OverrunCause, Long> _ = control.overruns().causes(pauses);
      return 0;
    }
  }
}
