package dev.forearm.viewer;

/** The last values of one quantity over time, oldest overwritten first. */
final class History {
  private final double[] seconds;
  private final double[] values;
  private int next;
  private int size;

  History(int capacity) {
    seconds = new double[capacity];
    values = new double[capacity];
  }

  /** Adds a point, unless time stands still; NaN makes a gap. */
  void add(double second, double value) {
    if (size > 0 && second <= second(size - 1)) {
      return;
    }
    seconds[next] = second;
    values[next] = value;
    next = (next + 1) % seconds.length;
    size = Math.min(size + 1, seconds.length);
  }

  int size() {
    return size;
  }

  /** Time of the i-th oldest point, s. */
  double second(int i) {
    return seconds[at(i)];
  }

  /** Value of the i-th oldest point. */
  double value(int i) {
    return values[at(i)];
  }

  private int at(int i) {
    if (i < 0 || i >= size) {
      throw new IndexOutOfBoundsException("point %s of %s".formatted(i, size));
    }
    return Math.floorMod(next - size + i, seconds.length);
  }
}
