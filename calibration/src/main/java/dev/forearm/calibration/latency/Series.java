package dev.forearm.calibration.latency;

import java.util.Arrays;

/**
 * One quantity over time.
 *
 * @param nanos ascending, on a clock shared with what it is compared with
 * @param values at these times, any unit
 */
@SuppressWarnings("ArrayRecordComponent") // long series, read and never compared
public record Series(long[] nanos, double[] values) {
  public Series {
    if (nanos.length != values.length || nanos.length == 0) {
      throw new IllegalArgumentException(
          "series: found %s times and %s values, wanted as many and some"
              .formatted(nanos.length, values.length));
    }
  }

  /** At a time within the series, straight between its values; its first or last one outside. */
  double at(long time) {
    int found = Arrays.binarySearch(nanos, time);
    if (found >= 0) {
      return values[found];
    }
    int after = -found - 1;
    if (after == 0 || after == nanos.length) {
      return values[Math.max(0, after - 1)];
    }
    double part = (double) (time - nanos[after - 1]) / (nanos[after] - nanos[after - 1]);
    return values[after - 1] + part * (values[after] - values[after - 1]);
  }

  long first() {
    return nanos[0];
  }

  long last() {
    return nanos[nanos.length - 1];
  }
}
