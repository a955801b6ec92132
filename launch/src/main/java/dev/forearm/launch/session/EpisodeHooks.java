package dev.forearm.launch.session;

/**
 * How episodes are played for somebody who learns from them.
 *
 * @param patienceSeconds after so long without a new stage an episode is given up; infinite: it
 *     never is
 * @param tailSeconds for which the policy drives on after success, so that a recording holds what
 *     followed its last decisions
 * @param listener told of every policy step; of lockstep runs only
 */
public record EpisodeHooks(double patienceSeconds, double tailSeconds, StepListener listener) {
  /** An episode ends with success or the task's own time limit, and nobody listens. */
  public static final EpisodeHooks NONE =
      new EpisodeHooks(Double.POSITIVE_INFINITY, 0, StepListener.NONE);

  /**
   * @throws IllegalArgumentException if a time is negative, there is no patience or no end
   */
  public EpisodeHooks {
    if (!(patienceSeconds > 0) || !(tailSeconds >= 0) || Double.isInfinite(tailSeconds)) {
      throw new IllegalArgumentException(
          "episodes: wanted a patience above 0 s and a tail of 0 s or more, found %s s and %s s"
              .formatted(patienceSeconds, tailSeconds));
    }
  }

  /** The same with somebody who listens. */
  public EpisodeHooks heardBy(StepListener next) {
    return new EpisodeHooks(patienceSeconds, tailSeconds, next);
  }
}
