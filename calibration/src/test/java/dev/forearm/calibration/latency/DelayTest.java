package dev.forearm.calibration.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DelayTest {
  private static final double SECONDS = 12;
  private static final long MS = 1_000_000;

  /** A joint that wanders by tenths of a rad, as one that is moved by hand does. */
  private static double motion(double seconds, double[] phases) {
    double sum = 0;
    for (int i = 0; i < phases.length; i++) {
      sum += Math.sin((0.9 + 0.53 * i) * seconds + phases[i]) / (i + 1.5);
    }
    return 0.3 * sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108})
  void aCameraOfThirtyHertzIsTimedToTwoMilliseconds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] phases = random.doubles(4, 0, 7).toArray();
    double delay = random.nextDouble(0.005, 0.12);
    Series joints = series(random, 500, 0, phases, 0, Math.toRadians(0.02));
    Series camera = series(random, 30, 0.003, phases, delay, Math.toRadians(0.1));
    assertTimed(delay, Delay.of(camera, joints, -50 * MS, 250 * MS));
  }

  @ParameterizedTest
  @ValueSource(longs = {201, 202, 203, 204})
  void statesOfThirtyHertzDoAsWell(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] phases = random.doubles(4, 0, 7).toArray();
    double delay = random.nextDouble(0.005, 0.12);
    Series commands = series(random, 250, 0, phases, 0, 0);
    Series states = series(random, 30, 0.002, phases, delay, Math.toRadians(0.05));
    assertTimed(delay, Delay.of(states, commands, -50 * MS, 250 * MS));
  }

  @Test
  void whatDoesNotMoveTogetherIsRefused() {
    SplittableRandom random = new SplittableRandom(1);
    Series one = series(random, 100, 0, new double[] {0, 1, 2, 3}, 0, 0);
    Series other = series(random, 100, 0, new double[] {5, 0.2, 4, 1}, 0, 1);
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> Delay.of(other, one, -50 * MS, 250 * MS));
    assertTrue(fault.toString().contains("correlate by"), fault::toString);
  }

  @Test
  void aDelayBeyondWhereToLookIsRefused() {
    SplittableRandom random = new SplittableRandom(2);
    double[] phases = {0, 1, 2, 3};
    Series joints = series(random, 500, 0, phases, 0, 0);
    Series camera = series(random, 30, 0, phases, 0.3, 0);
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> Delay.of(camera, joints, -50 * MS, 250 * MS));
    assertTrue(fault.toString().contains("one clock"), fault::toString);
  }

  private static void assertTimed(double delay, Delay found) {
    assertEquals(1e3 * delay, 1e-6 * found.nanos(), 2, found::toString);
    assertEquals(
        1e3 * delay, 1e-6 * found.nanos(), 5e-6 * found.errorNanos() + 0.3, found::toString);
  }

  private static Series series(
      SplittableRandom random,
      double hertz,
      double jitterSeconds,
      double[] phases,
      double delay,
      double noise) {
    int count = (int) (SECONDS * hertz);
    long[] nanos = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double time = i / hertz + jitterSeconds * random.nextDouble(-1, 1);
      nanos[i] = Math.round(1e9 * time);
      values[i] = motion(time - delay, phases) + noise * random.nextGaussian();
    }
    return new Series(nanos, values);
  }
}
