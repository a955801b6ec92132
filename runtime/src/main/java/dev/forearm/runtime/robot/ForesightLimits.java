package dev.forearm.runtime.robot;

/**
 * When the gap between the imagined and the real future matters. The error is the root mean square
 * over an imagined frame, each value in units of its feature's scale.
 *
 * @param shortenAbove above this only the chunk's first part is executed
 * @param holdAbove above this the arm holds
 * @param resumeBelow below this the chunk is executed whole again
 * @param shortenedSteps policy steps of a chunk that is executed in part
 * @param holdSteps policy steps that a hold lasts before the policy may try again
 */
public record ForesightLimits(
    double shortenAbove, double holdAbove, double resumeBelow, int shortenedSteps, int holdSteps) {
  public ForesightLimits {
    if (!(0 < resumeBelow && resumeBelow < shortenAbove && shortenAbove <= holdAbove)) {
      throw new IllegalArgumentException(
          "foresight: wanted 0 < resume_below < shorten_above <= hold_above, found %s, %s, %s"
              .formatted(resumeBelow, shortenAbove, holdAbove));
    }
    if (shortenedSteps < 1 || holdSteps < 1) {
      throw new IllegalArgumentException("foresight: shortened_steps and hold_steps start at 1");
    }
  }
}
