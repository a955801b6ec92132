package dev.forearm.bench;

import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.CycleStatistics;
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
  private static final long NEVER = Long.MIN_VALUE;
  private static final long LOOK_NANOS = 20_000_000;

  private final long controlPeriodNanos;
  private final LoopRig rig;
  private final LongConsumer periods;
  private volatile long startedNanos = NEVER;
  private long lastNanos = NEVER;

  /**
   * @param periods told on the cycling thread; must not allocate
   */
  TimedLoop(Robot robot, LongConsumer periods) {
    controlPeriodNanos = robot.controlPeriodNanos();
    rig = new LoopRig(robot);
    this.periods = periods;
  }

  @Override
  public String name() {
    return "bench control";
  }

  @Override
  public int doWork(long now) {
    rig.cycle(now);
    if (startedNanos == NEVER) {
      startedNanos = now;
    }
    if (now - startedNanos > SETTLE_NANOS) {
      if (lastNanos != NEVER) {
        periods.accept(now - lastNanos);
      }
      lastNanos = now;
    }
    return 1;
  }

  /**
   * Has the product's runner cycle it, as it does for an arm, and measures for so long.
   *
   * @return what the runner measured, from the first cycle on
   */
  CycleStatistics onRunner(long nanos) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CycleStatistics statistics;
    try (PeriodicRunner runner =
        PeriodicRunner.start(
            this, controlPeriodNanos, Scheduling.FIRST, (agent, why) -> failure.set(why))) {
      while (failure.get() == null && !isMeasured(nanos)) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      statistics = runner.statistics();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the measured runner failed", failure.get());
    }
    rig.wantRunning();
    return statistics;
  }

  private boolean isMeasured(long nanos) {
    return startedNanos != NEVER && System.nanoTime() - startedNanos > SETTLE_NANOS + nanos;
  }
}
