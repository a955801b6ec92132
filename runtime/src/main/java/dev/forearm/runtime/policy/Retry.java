package dev.forearm.runtime.policy;

/**
 * When a policy is taken to be stuck, and how it is helped out of it.
 *
 * @param stuckSeconds for which neither an observed object nor the arm gets anywhere while it
 *     drives; twice, three times as long for the second and third attempt, so that what takes its
 *     time is not disturbed for ever
 * @param movedMetres how far an object has to move for that to count
 * @param movedRad how far a turning joint has to move for that to count: on a long way nothing else
 *     moves
 * @param openSeconds for which the fingers open
 * @param homeSeconds for which the arm then goes back to where the episode began, at every second
 *     attempt
 */
public record Retry(
    double stuckSeconds,
    double movedMetres,
    double movedRad,
    double openSeconds,
    double homeSeconds) {
  /** With what has been found to help: an object counts as moved after 15 mm, a joint after 9°. */
  public static Retry after(double stuckSeconds) {
    return new Retry(stuckSeconds, 0.015, 0.15, 1, 2);
  }

  public Retry {
    if (!(stuckSeconds > 0)
        || !(movedMetres > 0)
        || !(movedRad > 0)
        || !(openSeconds > 0)
        || !(homeSeconds > 0)) {
      throw new IllegalArgumentException(
          "retry: wanted times and distances above 0, found %s s, %s m, %s rad, %s s, %s s"
              .formatted(stuckSeconds, movedMetres, movedRad, openSeconds, homeSeconds));
    }
  }
}
