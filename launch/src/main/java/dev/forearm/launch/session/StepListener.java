package dev.forearm.launch.session;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;

/**
 * Told of every policy step of lockstep episodes, on the one thread that does everything. What is
 * shown is valid only during the call. One that throws ends the run with it.
 */
public interface StepListener {
  /** One that does not listen. */
  StepListener NONE = (_, _, _, _) -> {};

  /** An episode is about to be played. */
  default void began(long seed) {}

  /**
   * The policy planned.
   *
   * @param observation that it planned from
   * @param plan not yet judged; what is sent of it comes with the next step
   * @param task as it stood at most 20 ms before
   * @param sent since the step before, or since the episode's beginning
   */
  void stepped(Observation observation, Plan plan, TaskState task, ExecutedCommands sent);

  /**
   * The episode is over.
   *
   * @param sent since the last step
   */
  default void ended(ExecutedCommands sent) {}
}
