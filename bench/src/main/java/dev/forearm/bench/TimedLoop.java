package dev.forearm.bench;

import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.Urgency;
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
  private static final long POLL_NANOS = 10_000_000L;
  private static final int PATIENCE = 20;

  private final long controlPeriodNanos;
  private final LoopRig rig;
  private final LongConsumer periods;
  private long beganNanos; // of the first cycle; 0 before
  private long firstNanos;
  private long lastNanos;
  private long count;
  private volatile long measuredNanos;

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
    if (beganNanos == 0) {
      beganNanos = now;
    }
    if (now - beganNanos > SETTLE_NANOS) {
      if (count == 0) {
        firstNanos = now;
      } else {
        periods.accept(now - lastNanos);
      }
      lastNanos = now;
      measuredNanos = now - firstNanos;
      count++;
    }
    return 1;
  }

  /** Has the product's runner cycle it, as it does for an arm, and measures for so long. */
  void onRunner(long nanos) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (PeriodicRunner _ =
        PeriodicRunner.start(
            this, controlPeriodNanos, Urgency.CONTROL, (agent, why) -> failure.set(why))) {
      goOn(nanos);
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the measured runner failed", failure.get());
    }
    rig.wantRunning();
  }

  /**
   * Waits until it has settled and then cycled for so long, on whatever thread: by its own cycles,
   * since on a busy machine the first may be long in coming. A loop that has died is not waited for
   * forever.
   */
  void goOn(long nanos) {
    long latest = System.nanoTime() + PATIENCE * (SETTLE_NANOS + nanos);
    while (measuredNanos < nanos && System.nanoTime() < latest) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Mean rate, after the cycling thread has ended. */
  double hz() {
    rig.wantRunning();
    return (count - 1) * 1e9 / (lastNanos - firstNanos);
  }
}
