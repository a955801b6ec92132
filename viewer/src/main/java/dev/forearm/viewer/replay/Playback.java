package dev.forearm.viewer.replay;

import dev.forearm.runtime.clock.Clock;
import java.util.NavigableSet;

/**
 * Where in an episode a replay is, and how it goes on. Times of the episode are nanoseconds of its
 * own clock; seconds count from its first observation, as labels do.
 */
public final class Playback {
  private static final double SLOWEST = 1.0 / 16;
  private static final double FASTEST = 16;
  private static final long STEP_NANOS = 50_000_000; // where no policy made any

  private final long startNanos;
  private final long endNanos;
  private final NavigableSet<Long> steps;
  private final Clock clock;
  private long nanos;
  private long turnedNanos;
  private double speed = 1;
  private boolean plays;

  /**
   * At the beginning, standing.
   *
   * @param startNanos of the first message
   * @param endNanos of the last
   * @param steps when the policy observed
   * @param clock by which it plays
   */
  public Playback(long startNanos, long endNanos, NavigableSet<Long> steps, Clock clock) {
    this.startNanos = startNanos;
    this.endNanos = endNanos;
    this.steps = steps;
    this.clock = clock;
    nanos = startNanos;
    turnedNanos = clock.nanos();
  }

  /** Goes on by the time since the last turn; stands at the end. */
  public void turn() {
    long now = clock.nanos();
    if (plays) {
      nanos = Math.min(endNanos, nanos + Math.round((now - turnedNanos) * speed));
      plays = nanos < endNanos;
    }
    turnedNanos = now;
  }

  /** Plays, from the beginning if it stood at the end, or stands. */
  public void toggle() {
    if (!plays && nanos == endNanos) {
      nanos = startNanos;
    }
    plays = !plays;
  }

  /** Goes elsewhere; whether it plays stays as it is. */
  public void seek(long toNanos) {
    nanos = Math.clamp(toNanos, startNanos, endNanos);
  }

  /** Goes to a time as {@link #seconds()} tells it. */
  public void seekSeconds(double seconds) {
    seek(zeroNanos() + Math.round(seconds * 1e9));
  }

  /** Goes elsewhere by some seconds. */
  public void skip(double seconds) {
    seek(nanos + Math.round(seconds * 1e9));
  }

  /** Stands at the next policy step, or at the one before. */
  public void step(boolean forwards) {
    plays = false;
    if (steps.isEmpty()) {
      seek(nanos + (forwards ? STEP_NANOS : -STEP_NANOS));
      return;
    }
    Long next = forwards ? steps.higher(nanos) : steps.lower(nanos);
    seek(next != null ? next : forwards ? endNanos : startNanos);
  }

  /** Goes twice as fast. */
  public void faster() {
    speed = Math.min(FASTEST, 2 * speed);
  }

  /** Goes half as fast. */
  public void slower() {
    speed = Math.max(SLOWEST, speed / 2);
  }

  /** Goes so many seconds in one of ours, but not slower than a sixteenth or faster than 16. */
  public void pace(double wanted) {
    speed = Math.clamp(wanted, SLOWEST, FASTEST);
  }

  /** Where it is, on the episode's clock. */
  public long nanos() {
    return nanos;
  }

  /** Where it is, since the first observation; negative before that. */
  public double seconds() {
    return secondsOf(nanos);
  }

  /** A time of the episode's clock, since the first observation. */
  public double secondsOf(long episodeNanos) {
    return (episodeNanos - zeroNanos()) * 1e-9;
  }

  /** How much of the episode is over, 0 to 1. */
  public double fraction() {
    return fractionOf(nanos);
  }

  /** How much of the episode is over at a time of its clock, 0 to 1. */
  public double fractionOf(long episodeNanos) {
    return endNanos == startNanos
        ? 0
        : Math.clamp((episodeNanos - startNanos) / (double) (endNanos - startNanos), 0, 1);
  }

  /** Goes to where so much is over. */
  public void seekFraction(double fraction) {
    seek(startNanos + Math.round(fraction * (endNanos - startNanos)));
  }

  /** Of the last message, as {@link #seconds()}. */
  public double endSeconds() {
    return secondsOf(endNanos);
  }

  /** Of the first message. */
  public long startNanos() {
    return startNanos;
  }

  /** Of the last. */
  public long endNanos() {
    return endNanos;
  }

  /** From what seconds count: the first observation, else the first message. */
  public long zeroNanos() {
    return steps.isEmpty() ? startNanos : steps.first();
  }

  /** Seconds of the episode in one of ours. */
  public double speed() {
    return speed;
  }

  public boolean plays() {
    return plays;
  }
}
