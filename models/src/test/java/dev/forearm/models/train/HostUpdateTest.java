package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostUpdateTest {
  private static final double RATE = 0.01;

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        new Optimizer.Sgd(0, false, 0),
        new Optimizer.Sgd(0.9, false, 0.01),
        new Optimizer.Sgd(0.9, true, 0.01),
        Optimizer.Adam.standard(),
        new Optimizer.Adam(0.8, 0.99, 1e-6, 0.02),
        Optimizer.AdamW.standard());
  }

  /** More than one block, and a length that is no multiple of one. */
  private static ParameterLayout layout() {
    return ParameterLayout.of(Map.of("w", List.of(37L, 41L)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void followsTheFormulaInDoublePrecision(Optimizer optimizer) {
    try (Arena arena = Arena.ofConfined()) {
      ParameterVector weights = new ParameterVector(layout(), arena);
      ParameterVector gradient = new ParameterVector(layout(), arena);
      HostUpdate update = new HostUpdate(optimizer, layout(), arena);
      int n = 37 * 41;
      double[] p = new double[n];
      double[] m = new double[n];
      double[] v = new double[n];
      Random random = new Random(3);
      for (int i = 0; i < n; i++) {
        p[i] = (float) random.nextGaussian();
        weights.memory().setAtIndex(JAVA_FLOAT, i, (float) p[i]);
      }
      for (int step = 1; step <= 20; step++) {
        for (int i = 0; i < n; i++) {
          float g = (float) random.nextGaussian();
          gradient.memory().setAtIndex(JAVA_FLOAT, i, g);
          p[i] = reference(optimizer, p[i], 0.5 * g, m, v, i, step);
        }
        update.apply(weights, gradient, 0.5f, RATE, step);
      }
      for (int i = 0; i < n; i++) {
        assertEquals(p[i], weights.memory().getAtIndex(JAVA_FLOAT, i), 2e-6 * (1 + Math.abs(p[i])));
      }
    }
  }

  private static double reference(
      Optimizer optimizer, double p, double g, double[] m, double[] v, int i, int t) {
    return switch (optimizer) {
      case Optimizer.Sgd sgd -> {
        double slope = g + sgd.weightDecay() * p;
        m[i] = t == 1 ? slope : sgd.momentum() * m[i] + slope;
        yield p - RATE * (sgd.nesterov() ? slope + sgd.momentum() * m[i] : m[i]);
      }
      case Optimizer.Adam a ->
          adam(p, g + a.weightDecay() * p, a.beta1(), a.beta2(), a.epsilon(), m, v, i, t);
      case Optimizer.AdamW a ->
          adam(p * (1 - RATE * a.weightDecay()), g, a.beta1(), a.beta2(), a.epsilon(), m, v, i, t);
    };
  }

  private static double adam(
      double p,
      double g,
      double beta1,
      double beta2,
      double epsilon,
      double[] m,
      double[] v,
      int i,
      int t) {
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    double mean = m[i] / (1 - Math.pow(beta1, t));
    double root = Math.sqrt(v[i] / (1 - Math.pow(beta2, t)));
    return p - RATE * mean / (root + epsilon);
  }

  @Test
  void theNormIsOverAllParametersAndIgnoresThePadding() {
    try (Arena arena = Arena.ofConfined()) {
      ParameterLayout layout =
          ParameterLayout.of(new TreeMap<>(Map.of("a", List.of(1L), "b", List.of(1L))));
      ParameterVector gradient = new ParameterVector(layout, arena);
      gradient.write("a", new float[] {3});
      gradient.write("b", new float[] {4});
      assertEquals(5, new HostUpdate(Optimizer.Adam.standard(), layout, arena).norm(gradient));
    }
  }
}
