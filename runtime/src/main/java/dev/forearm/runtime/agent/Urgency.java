package dev.forearm.runtime.agent;

/** How a periodic agent's thread is scheduled. */
public enum Urgency {
  /**
   * The control thread: before all ordinary threads (SCHED_FIFO at a low priority), memory locked,
   * and on a processor of its own where there are at least four. It sleeps in every cycle, so it
   * cannot starve the others.
   */
  CONTROL,
  /** Wakes on time, but shares the machine like everybody else. */
  ORDINARY
}
