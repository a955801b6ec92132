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
   * @throws RuntimeFault if they overlap too little, do not correlate or hardly move
   */
  public static Delay of(Series late, Series early, long leastNanos, long mostNanos) {
    long coarse = best(late, early, leastNanos, mostNanos, COARSE_NANOS);
    long fine = best(late, early, coarse - COARSE_NANOS, coarse + COARSE_NANOS, FINE_NANOS);
    // Wide enough for the parabola's curvature not to drown in noise.
    double before = correlation(late, early, fine - COARSE_NANOS, leastNanos, mostNanos);
    double top = correlation(late, early, fine, leastNanos, mostNanos);
    double after = correlation(late, early, fine + COARSE_NANOS, leastNanos, mostNanos);
    double curvature = (2 * top - before - after) / square(COARSE_NANOS);
    if (!(top >= CORRELATION_MIN) || !(curvature > 0)) {
      throw new RuntimeFault(
          String.format(
              Locale.ROOT,
              "latency: the two signals correlate by %.2f at best, wanted %.1f or more; move further and less evenly, over 10 s",
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
