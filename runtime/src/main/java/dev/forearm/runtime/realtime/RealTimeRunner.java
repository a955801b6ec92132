package dev.forearm.runtime.realtime;

import dev.forearm.runtime.ffi.LinuxScheduling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one thread and calls its duty at absolute deadlines, one period apart. A late cycle runs at
 * once and the deadlines stay where they are, so lateness never adds up and the mean rate holds. A
 * cycle that starts a whole period late counts as missed, though it still runs; what lies further
 * back than its {@link Urgency} makes up for is given up (docs/decisions/0001).
 */
public final class RealTimeRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RealTimeRunner.class);
  private static final int FIFO_PRIORITY = 10;

  private static final int PROCESSORS_FOR_AFFINITY = 4;
  private static final int REHEARSALS = 20_000;

  private final Duty duty;
  private final long periodNanos;
  private final Urgency urgency;
  private final CycleStatistics statistics;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile @Nullable Throwable failure;

  private RealTimeRunner(String name, long periodNanos, Urgency urgency, Duty duty) {
    this.duty = duty;
    this.periodNanos = periodNanos;
    this.urgency = urgency;
    statistics = new CycleStatistics(periodNanos);
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /**
   * Starts a thread.
   *
   * @param name the thread's name, for people and profilers
   * @param duty called on that thread only; if it throws, the thread ends and {@link #failure} says
   *     why
   */
  public static RealTimeRunner start(String name, long periodNanos, Urgency urgency, Duty duty) {
    RealTimeRunner runner = new RealTimeRunner(name, periodNanos, urgency, duty);
    runner.thread.start();
    return runner;
  }

  /** What the thread measures of itself; for any thread. */
  public CycleStatistics statistics() {
    return statistics;
  }

  /** What ended the thread before it was closed, if anything did. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Ends the thread after its current cycle and waits for it. */
  @Override
  public void close() {
    running = false;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    schedule();
    try {
      cycles();
    } catch (Throwable e) {
      failure = e;
      LOG.error("{} thread ended", thread.getName(), e);
    }
  }

  private void cycles() {
    Sleeper sleeper = Sleeper.best();
    rehearse(sleeper);
    long deadline = System.nanoTime() + periodNanos;
    while (running) {
      sleeper.until(deadline);
      long now = System.nanoTime();
      statistics.begin(now);
      long behind = (now - deadline) / periodNanos;
      if (behind > 0) {
        deadline += giveUp(behind) * periodNanos;
      }
      duty.run(now);
      statistics.end(System.nanoTime());
      deadline += periodNanos;
    }
  }

  /**
   * Runs everything around the duty often enough to be compiled: compiling a method resolves its
   * string constants on the thread that asked for it, which would show as allocation much later.
   */
  private void rehearse(Sleeper sleeper) {
    CycleStatistics discarded = new CycleStatistics(periodNanos);
    for (int i = 0; i < REHEARSALS; i++) {
      sleeper.until(0);
      discarded.begin(i * periodNanos);
      discarded.end(i * periodNanos);
    }
  }

  /** Counts what is late; returns how many deadlines are dropped because of it. */
  private long giveUp(long behind) {
    long dropped = Math.max(0, behind - urgency.mostBehind());
    statistics.missed(behind > dropped ? dropped + 1 : dropped);
    return dropped;
  }

  private void schedule() {
    if (!LinuxScheduling.available()) {
      LOG.warn("{} thread: no clock_nanosleep here, sleeping by park", thread.getName());
      return;
    }
    LinuxScheduling.wakePromptly();
    if (urgency == Urgency.ORDINARY) {
      return;
    }
    List<String> refused = new ArrayList<>();
    if (!LinuxScheduling.runFirst(FIFO_PRIORITY)) {
      refused.add("SCHED_FIFO (rtprio)");
    }
    if (!LinuxScheduling.lockMemory()) {
      refused.add("mlockall (memlock)");
    }
    int processors = Runtime.getRuntime().availableProcessors();
    if (processors >= PROCESSORS_FOR_AFFINITY && !LinuxScheduling.stayOn(processors - 1)) {
      refused.add("affinity");
    }
    if (!refused.isEmpty()) {
      LOG.warn(
          "{} thread: not permitted: {}; cycles may come late under load. Grant them with rtprio"
              + " and memlock in /etc/security/limits.conf",
          thread.getName(),
          String.join(", ", refused));
    }
  }
}
