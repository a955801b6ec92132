package dev.forearm.calibration.latency;

import dev.forearm.runtime.RuntimeFault;
import java.util.Locale;

/**
 * By how much a signal is behind another.
 *
 * @param nanos behind; negative: ahead
 * @param errorNanos standard error
 * @param correlation between the two at this delay, 0 to 1
 */
public record Delay(long nanos, long errorNanos, double correlation) {
  private static final long COARSE_NANOS = 5_000_000;
  private static final long FINE_NANOS = 100_000;
  private static final int SAMPLES_MIN = 50;

  /** A change of the correlation over 5 ms that is no more than this is rounding, not motion. */
  private static final double PEAK_MIN = 1e-7;

  /** Another peak so little below the highest, with a dip of so much between, may be the one. */
  private static final double RIVAL_MAX = 0.05;

  /** Below this correlation the two do not tell of one motion. */
  private static final double CORRELATION_MIN = 0.9;

  /** A standard error beyond this is no measurement. */
  private static final long ERROR_MAX_NANOS = 5_000_000;

  /**
   * The delay at which {@code late} correlates best with {@code early}, first on a grid of 5 ms,
   * then of .1 ms, then at the top of the parabola through three points.
   *
   * @param late at its own times
   * @param early the better the more often it was measured
   * @param leastNanos where to look
   * @param mostNanos where to look
   * @throws RuntimeFault if they overlap too little, do not correlate, hardly move, repeat
   *     themselves or are no numbers
   */
  public static Delay of(Series late, Series early, long leastNanos, long mostNanos) {
    requireMotion(late);
    requireMotion(early);
    long coarse = best(late, early, leastNanos, mostNanos, COARSE_NANOS);
    long fine = best(late, early, coarse - COARSE_NANOS, coarse + COARSE_NANOS, FINE_NANOS);
    // Wide enough for the parabola's curvature not to drown in noise.
    double before = correlation(late, early, fine - COARSE_NANOS, leastNanos, mostNanos);
    double top = correlation(late, early, fine, leastNanos, mostNanos);
    double after = correlation(late, early, fine + COARSE_NANOS, leastNanos, mostNanos);
    double peak = 2 * top - before - after;
    double curvature = peak / square(COARSE_NANOS);
    if (!(top >= CORRELATION_MIN) || !(peak > PEAK_MIN)) {
      throw new RuntimeFault(
          String.format(
              Locale.ROOT,
              "latency: the two signals correlate by %.2f at best, wanted %.1f or more and less beside it; move further and less evenly, over 10 s",
              Math.max(0, top),
              CORRELATION_MIN));
    }
    if (fine - leastNanos < COARSE_NANOS || mostNanos - fine < COARSE_NANOS) {
      throw new RuntimeFault(
          String.format(
              Locale.ROOT,
              "latency: the best delay of %.0f ms is at the end of where to look, %.0f to %.0f ms; are both stamps of one clock?",
              1e-6 * fine,
              1e-6 * leastNanos,
              1e-6 * mostNanos));
    }
    requireNoRival(late, early, fine, top, leastNanos, mostNanos);
    double shift = (after - before) / (2 * curvature * COARSE_NANOS);
    // Of a fit with noise 1 - r2 and curvature of r, at as many independent samples.
    double error = Math.sqrt(Math.max(0, 1 - top * top) / (curvature * top * late.nanos().length));
    if (!(error <= ERROR_MAX_NANOS)) {
      throw new RuntimeFault(
          String.format(
              Locale.ROOT,
              "latency: known to %.1f ms only, wanted %.0f or less; move faster, over 10 s",
              1e-6 * error,
              1e-6 * ERROR_MAX_NANOS));
    }
    return new Delay(
        fine + Math.round(Math.clamp(shift, -COARSE_NANOS, COARSE_NANOS)), Math.round(error), top);
  }

  private static void requireMotion(Series series) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : series.values()) {
      if (!Double.isFinite(value)) {
        throw new RuntimeFault(
            "latency: a signal has the value %s, wanted numbers; record again".formatted(value));
      }
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (least == most) {
      throw new RuntimeFault(
          "latency: a signal is %s all the time, wanted motion; move further".formatted(least));
    }
  }

  /** A motion that repeats itself looks the same a period later. */
  private static void requireNoRival(
      Series late, Series early, long found, double top, long least, long most) {
    for (long step : new long[] {-COARSE_NANOS, COARSE_NANOS}) {
      double dip = top;
      for (long delay = found + step; delay >= least && delay <= most; delay += step) {
        double correlation = correlation(late, early, delay, least, most);
        if (correlation > top - RIVAL_MAX && correlation > dip + RIVAL_MAX) {
          throw new RuntimeFault(
              String.format(
                  Locale.ROOT,
                  "latency: %.0f and %.0f ms fit alike, as of a motion that repeats itself; move less evenly",
                  1e-6 * found,
                  1e-6 * delay));
        }
        dip = Math.min(dip, correlation);
      }
    }
  }

  private static long best(Series late, Series early, long from, long to, long step) {
    long found = from;
    double most = Double.NEGATIVE_INFINITY;
    for (long delay = from; delay <= to; delay += step) {
      double correlation = correlation(late, early, delay, from, to);
      if (correlation > most) {
        most = correlation;
        found = delay;
      }
    }
    return found;
  }

  /** Over the samples that both have at any delay from {@code least} to {@code most}. */
  private static double correlation(Series late, Series early, long delay, long least, long most) {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumYy = 0;
    double sumXy = 0;
    for (int i = 0; i < late.nanos().length; i++) {
      long time = late.nanos()[i];
      if (time - most - COARSE_NANOS < early.first()
          || time - least + COARSE_NANOS > early.last()) {
        continue;
      }
      double x = early.at(time - delay);
      double y = late.values()[i];
      n++;
      sumX += x;
      sumY += y;
      sumXx += x * x;
      sumYy += y * y;
      sumXy += x * y;
    }
    if (n < SAMPLES_MIN) {
      throw new RuntimeFault(
          "latency: the two signals have %s samples in common, wanted %s or more; record longer"
              .formatted(Math.round(n), SAMPLES_MIN));
    }
    return (sumXy - sumX * sumY / n)
        / Math.sqrt((sumXx - sumX * sumX / n) * (sumYy - sumY * sumY / n));
  }

  private static double square(double value) {
    return value * value;
  }
}
