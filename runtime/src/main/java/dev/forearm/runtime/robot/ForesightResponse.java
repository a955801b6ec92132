package dev.forearm.runtime.robot;

/**
 * What an arm does about its policy's foresight, where that was calibrated.
 *
 * @param shortenedSteps policy steps of a chunk that is executed in part
 * @param holdSteps policy steps that a hold lasts before the policy may try again
 * @param skipSteps policy steps for which a chunk may go on without a new plan, while what happens
 *     is what was imagined; 0: each step plans
 */
public record ForesightResponse(int shortenedSteps, int holdSteps, int skipSteps) {
  public ForesightResponse {
    if (shortenedSteps < 1 || holdSteps < 1 || skipSteps < 0) {
      throw new IllegalArgumentException(
          "foresight: wanted shortened_steps and hold_steps from 1 and skip_steps from 0, found %s, %s and %s"
              .formatted(shortenedSteps, holdSteps, skipSteps));
    }
  }

  /** The same, but for how long a chunk may go on. */
  public ForesightResponse skipping(int steps) {
    return new ForesightResponse(shortenedSteps, holdSteps, steps);
  }
}
