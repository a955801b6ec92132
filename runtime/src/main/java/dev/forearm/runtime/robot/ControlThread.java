package dev.forearm.runtime.robot;

import dev.forearm.runtime.agent.Scheduling;

/**
 * How the control thread runs in real time.
 *
 * @param pacing what its cycles follow
 * @param scheduling what is asked of the system
 */
public record ControlThread(Pacing pacing, Scheduling scheduling) {
  /** By the machine's clock, before all ordinary threads. */
  public static final ControlThread DEFAULT = new ControlThread(Pacing.CLOCK, Scheduling.FIRST);
}
