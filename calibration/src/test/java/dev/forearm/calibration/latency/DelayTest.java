package dev.forearm.calibration.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
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

  @Test
  void whatTellsOfNoDelayIsRefusedAndSaidWhy() {
    DoubleUnaryOperator wander = seconds -> motion(seconds, new double[] {0, 1, 2, 3});
    Series moving = sampled(SECONDS, 200, wander);
    assertRefused(sampled(SECONDS, 200, _ -> 0.4), moving, "is 0.4 all the time");
    assertRefused(moving, sampled(SECONDS, 200, _ -> 0), "is 0.0 all the time");
    assertRefused(
        sampled(SECONDS, 200, s -> s > 3 && s < 3.01 ? Double.NaN : wander.applyAsDouble(s)),
        moving,
        "has the value NaN");
    assertRefused(
        sampled(SECONDS, 200, s -> s > 6 ? Double.POSITIVE_INFINITY : 0),
        moving,
        "has the value Infinity");
    assertRefused(sampled(0.6, 100, wander), sampled(0.6, 100, wander), "samples in common");
    assertRefused(
        sampled(SECONDS, 200, s -> 0.1 * (s - 0.03)),
        sampled(SECONDS, 200, s -> 0.1 * s),
        "less evenly"); // a ramp fits with any delay
    assertRefused(
        sampled(SECONDS, 200, s -> Math.sin(40 * (s - 0.03))),
        sampled(SECONDS, 200, s -> Math.sin(40 * s)),
        "repeats itself");
    SplittableRandom random = new SplittableRandom(3);
    assertRefused(
        sampled(SECONDS, 200, s -> wander.applyAsDouble(s) + 2 * random.nextGaussian()),
        moving,
        "correlate by");
  }

  private static void assertRefused(Series late, Series early, String why) {
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> Delay.of(late, early, -50 * MS, 250 * MS));
    assertTrue(fault.toString().contains(why), fault::toString);
  }

  private static Series sampled(double seconds, double hertz, DoubleUnaryOperator motion) {
    int count = (int) (seconds * hertz);
    long[] nanos = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      nanos[i] = Math.round(1e9 * i / hertz);
      values[i] = motion.applyAsDouble(i / hertz);
    }
    return new Series(nanos, values);
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
