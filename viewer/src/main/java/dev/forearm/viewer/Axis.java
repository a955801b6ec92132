package dev.forearm.viewer;

/**
 * A plot's value axis with round marks.
 *
 * @param min lowest value shown
 * @param max highest value shown
 * @param step between marks; both ends are marks
 */
record Axis(double min, double max, double step) {
  private static final int WANTED_MARKS = 4;

  /**
   * An axis that holds all finite points of some histories.
   *
   * @param leastSpan the axis is never shorter, so that noise does not look like motion
   */
  static Axis over(double leastSpan, History... histories) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (History history : histories) {
      for (int i = 0; i < history.size(); i++) {
        double value = history.value(i);
        if (Double.isFinite(value)) {
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
      }
    }
    if (min > max) {
      min = 0;
      max = 0;
    }
    double missing = Math.max(0, leastSpan - (max - min));
    return between(
        min >= 0 && min - missing / 2 < 0 ? Math.min(min, 0) : min - missing / 2,
        max + missing / 2);
  }

  private static Axis between(double min, double max) {
    double rough = (max - min) / WANTED_MARKS;
    double decade = Math.pow(10, Math.floor(Math.log10(rough)));
    double ratio = rough / decade;
    double step = decade * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
    return new Axis(Math.floor(min / step) * step, Math.ceil(max / step) * step, step);
  }

  /** Where a value lies: 0 at the lowest, 1 at the highest. */
  double fraction(double value) {
    return (value - min) / (max - min);
  }

  /** Marks from {@link #min} to {@link #max}. */
  int marks() {
    return (int) Math.round((max - min) / step) + 1;
  }

  double mark(int i) {
    return min + i * step;
  }
}
