package dev.forearm.bench;

import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.Scheduling;
import dev.forearm.runtime.robot.Robot;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * A control loop that tells how many nanoseconds after the last each cycle starts, once it has
 * settled. For one measurement; owned by the thread that cycles it until that has ended.
 */
final class TimedLoop implements Agent {
  private static final long SETTLE_NANOS = 500_000_000L;

  private final long controlPeriodNanos;
  private final LoopRig rig;
  private final LongConsumer periods;
  private final long started;
  private long firstNanos;
  private long lastNanos;
  private long count;

  /**
   * @param periods told on the cycling thread; must not allocate
   */
  TimedLoop(Robot robot, LongConsumer periods) {
    controlPeriodNanos = robot.controlPeriodNanos();
    rig = new LoopRig(robot);
    this.periods = periods;
    started = System.nanoTime();
  }

  @Override
  public String name() {
    return "bench control";
  }

  @Override
  public int doWork(long now) {
    rig.cycle(now);
    if (now - started > SETTLE_NANOS) {
      if (count == 0) {
        firstNanos = now;
      } else {
        periods.accept(now - lastNanos);
      }
      lastNanos = now;
      count++;
    }
    return 1;
  }

  /** Has the product's runner cycle it, as it does for an arm, and measures for so long. */
  void onRunner(long nanos) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (PeriodicRunner _ =
        PeriodicRunner.start(
            this, controlPeriodNanos, Scheduling.FIRST, (agent, why) -> failure.set(why))) {
      goOn(nanos);
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the measured runner failed", failure.get());
    }
    rig.wantRunning();
  }

  /** Waits until it has settled and then cycled for so long, on whatever thread. */
  void goOn(long nanos) {
    long end = started + SETTLE_NANOS + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** Mean rate, after the cycling thread has ended. */
  double hz() {
    rig.wantRunning();
    return (count - 1) * 1e9 / (lastNanos - firstNanos);
  }
}
