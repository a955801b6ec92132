package dev.forearm.viewer;

import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.control.ControlSnapshot;

/**
 * What the runtime tells of itself at one moment.
 *
 * @param title what runs, for example {@code lift with lift-sft}
 * @param transport what carries the messages
 * @param control the control loop's last cycle
 * @param cycles how regular the control thread is
 * @param inference how the policy does
 * @param task how the task stands
 * @param recorder what the recorder does
 */
public record Telemetry(
    String title,
    String transport,
    ControlSnapshot control,
    CycleSummary cycles,
    Inference inference,
    Task task,
    String recorder) {

  /**
   * The inference thread's numbers.
   *
   * @param p50Micros median time of one plan
   * @param p99Micros 99th percentile
   * @param refusals chunks refused so far
   * @param realised distance of what happens from what was imagined, as a fraction of its limit; in
   *     feature scales where there is none; NaN while there is nothing to compare
   * @param spread of the plans, alike
   */
  public record Inference(
      double p50Micros, double p99Micros, long refusals, double realised, double spread) {}

  /**
   * The task's state.
   *
   * @param episode for people, for example {@code episode 2 of 3}
   * @param stage what is to be done now
   * @param done stages done
   * @param stages stages in all; 0 if nobody says
   */
  public record Task(String episode, String stage, int done, int stages) {}
}
