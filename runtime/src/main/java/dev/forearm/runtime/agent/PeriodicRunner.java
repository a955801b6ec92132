package dev.forearm.runtime.agent;

import dev.forearm.runtime.ffi.LinuxScheduling;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives its agent a turn a period, by the clock at absolute deadlines. A cycle that is woken late
 * runs at once; the deadlines that passed meanwhile are skipped and counted as missed, so that
 * lateness never adds up and is never made up for in a burst (docs/decisions/0001).
 */
public final class PeriodicRunner extends AgentRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicRunner.class);
  private static final int REHEARSALS = 20_000;

  private final long periodNanos;
  private final Pace pace;
  private final Scheduling scheduling;
  private final CycleStatistics statistics = new CycleStatistics();
  private final Overruns overruns = new Overruns();

  private PeriodicRunner(
      Agent agent, long periodNanos, Pace pace, Scheduling scheduling, FailureHandler failures) {
    super(agent, failures);
    this.periodNanos = periodNanos;
    this.pace = pace;
    this.scheduling = scheduling;
  }

  /** Starts an agent on a thread of its own, paced by the clock. */
  public static PeriodicRunner start(
      Agent agent, long periodNanos, Scheduling scheduling, FailureHandler failures) {
    return start(agent, periodNanos, Pace.byClock(), scheduling, failures);
  }

  /** Starts an agent on a thread of its own. */
  public static PeriodicRunner start(
      Agent agent, long periodNanos, Pace pace, Scheduling scheduling, FailureHandler failures) {
    PeriodicRunner runner = new PeriodicRunner(agent, periodNanos, pace, scheduling, failures);
    runner.start();
    return runner;
  }

  /** What the thread measures of itself; for any thread. */
  public CycleStatistics statistics() {
    return statistics;
  }

  /** Which of its cycles came late; for any thread. */
  public Overruns overruns() {
    return overruns;
  }

  @Override
  void turns(Agent agent) {
    schedule();
    rehearse();
    long ended = System.nanoTime();
    long due = ended + periodNanos;
    while (running()) {
      due = pace.await(due, periodNanos);
      long now = System.nanoTime();
      statistics.begin(now, now - due);
      long behind = (now - due) / periodNanos;
      if (behind > 0) {
        statistics.missed(behind);
        overruns.record(due, now, ended);
        due += behind * periodNanos;
      }
      int _ = agent.doWork(now);
      ended = System.nanoTime();
      statistics.end(ended);
      due += periodNanos;
    }
  }

  /** It looks up in every period. */
  @Override
  void wake() {}

  /** Runs everything around the duty often enough to be compiled. */
  private void rehearse() {
    CycleStatistics discarded = new CycleStatistics();
    for (int i = 0; i < REHEARSALS; i++) {
      discarded.begin(pace.await(0, periodNanos), 0);
      discarded.end(0);
    }
  }

  private void schedule() {
    if (!LinuxScheduling.available()) {
      LOG.warn("{} thread: no clock_nanosleep here, sleeping by park", name());
      return;
    }
    LinuxScheduling.wakePromptly();
    List<String> refused = new ArrayList<>();
    int[] processors = scheduling.processors().stream().mapToInt(Integer::intValue).toArray();
    if (processors.length > 0 && !LinuxScheduling.stayOn(processors)) {
      refused.add("affinity to processors " + scheduling.processors());
    }
    if (scheduling.fifoPriority() > 0) {
      if (!LinuxScheduling.lockMemory()) {
        refused.add("mlockall (memlock)");
      }
      if (!LinuxScheduling.runFirst(scheduling.fifoPriority())) {
        refused.add("SCHED_FIFO (rtprio)");
      }
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
