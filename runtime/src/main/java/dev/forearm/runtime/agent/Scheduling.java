package dev.forearm.runtime.agent;

import java.util.List;

/**
 * How the system is asked to schedule a periodic thread. It sleeps in every cycle, so even one that
 * comes before all others cannot starve them.
 *
 * @param fifoPriority under SCHED_FIFO, 1 to 99: before all ordinary threads, with the process's
 *     memory touched and locked; 0: like everybody else
 * @param processors that it stays on, counted from 0; none: wherever the system puts it
 */
public record Scheduling(int fifoPriority, List<Integer> processors) {
  /** Wakes on time, but shares the machine like everybody else. */
  public static final Scheduling ORDINARY = new Scheduling(0, List.of());

  /** Before all ordinary threads, after those of the kernel that people put first. */
  public static final Scheduling FIRST = new Scheduling(10, List.of());

  public Scheduling {
    processors = List.copyOf(processors);
    if (fifoPriority < 0 || fifoPriority > 99) {
      throw new IllegalArgumentException(
          "scheduling: a FIFO priority of %s, wanted 1 to 99, or 0 for none"
              .formatted(fifoPriority));
    }
    if (processors.stream().anyMatch(processor -> processor < 0)) {
      throw new IllegalArgumentException(
          "scheduling: found processors %s, wanted them counted from 0".formatted(processors));
    }
  }
}
