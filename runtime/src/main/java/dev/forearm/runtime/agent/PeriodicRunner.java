package dev.forearm.runtime.agent;

import dev.forearm.runtime.ffi.LinuxScheduling;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives its agent a turn at absolute deadlines, one period apart. A cycle that is woken late runs
 * at once; the deadlines that passed meanwhile are skipped and counted as missed, so that lateness
 * never adds up and is never made up for in a burst (docs/decisions/0001).
 */
public final class PeriodicRunner extends AgentRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicRunner.class);
  private static final int FIFO_PRIORITY = 10;

  private static final int PROCESSORS_FOR_AFFINITY = 4;
  private static final int REHEARSALS = 20_000;

  private final long periodNanos;
  private final Urgency urgency;
  private final CycleStatistics statistics;

  private PeriodicRunner(Agent agent, long periodNanos, Urgency urgency, FailureHandler failures) {
    super(agent, failures);
    this.periodNanos = periodNanos;
    this.urgency = urgency;
    statistics = new CycleStatistics();
  }

  /** Starts an agent on a thread of its own. */
  public static PeriodicRunner start(
      Agent agent, long periodNanos, Urgency urgency, FailureHandler failures) {
    PeriodicRunner runner = new PeriodicRunner(agent, periodNanos, urgency, failures);
    runner.start();
    return runner;
  }

  /** What the thread measures of itself; for any thread. */
  public CycleStatistics statistics() {
    return statistics;
  }

  @Override
  void turns(Agent agent) {
    schedule();
    Sleeper sleeper = Sleeper.best();
    rehearse(sleeper);
    long deadline = System.nanoTime() + periodNanos;
    while (running()) {
      sleeper.until(deadline);
      long now = System.nanoTime();
      statistics.begin(now);
      long behind = (now - deadline) / periodNanos;
      if (behind > 0) {
        statistics.missed(behind);
        deadline += behind * periodNanos;
      }
      int _ = agent.doWork(now);
      statistics.end(System.nanoTime());
      deadline += periodNanos;
    }
  }

  /** It looks up in every period. */
  @Override
  void wake() {}

  /** Runs everything around the duty often enough to be compiled. */
  private void rehearse(Sleeper sleeper) {
    CycleStatistics discarded = new CycleStatistics();
    for (int i = 0; i < REHEARSALS; i++) {
      sleeper.until(0);
      discarded.begin(i * periodNanos);
      discarded.end(i * periodNanos);
    }
  }

  private void schedule() {
    if (!LinuxScheduling.available()) {
      LOG.warn("{} thread: no clock_nanosleep here, sleeping by park", name());
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
          name(),
          String.join(", ", refused));
    }
  }
}
