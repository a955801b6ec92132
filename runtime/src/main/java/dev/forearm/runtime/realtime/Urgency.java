package dev.forearm.runtime.realtime;

/** How a runner's thread is scheduled, and what it does about cycles that it is late for. */
public enum Urgency {
  /**
   * The control thread: before all ordinary threads (SCHED_FIFO at a low priority), memory locked,
   * and on a processor of its own where there are at least four. It sleeps in every cycle, so it
   * cannot starve the others. Up to ten late cycles are made up for.
   */
  CONTROL(10),
  /**
   * Wakes on time, but shares the machine like everybody else. Cycles whose time has passed are
   * dropped: planning twice for the same moment serves nobody.
   */
  ORDINARY(0);

  private final long mostBehind;

  Urgency(long mostBehind) {
    this.mostBehind = mostBehind;
  }

  /** Late cycles that are still made up for after a stall. */
  long mostBehind() {
    return mostBehind;
  }
}
