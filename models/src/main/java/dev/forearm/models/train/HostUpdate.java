package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Optimizer steps in place over main memory: one pass, block by block.
 *
 * <p>A block goes through small arrays on the heap that stay in the first-level cache. The JIT
 * compiles a loop over arrays to vector instructions; over several memory segments it does not,
 * because it cannot rule out that they overlap. Four blocks of 4 KiB cost less to copy than that.
 *
 * <p>Arithmetic is float32 in a fixed order, sums of squares are float64 in a fixed order, and
 * nothing runs in parallel: equal input gives equal bits.
 */
final class HostUpdate {
  private static final int BLOCK = 1024;

  /** Of float32: magnitudes of this and more, read as integers, are infinite or no numbers. */
  private static final int INFINITY_BITS = 0x7f800000;

  private final Optimizer optimizer;
  private final List<ParameterVector> state = new ArrayList<>();
  private final float[] p = new float[BLOCK];
  private final float[] g = new float[BLOCK];
  private final float[] m = new float[BLOCK];
  private final float[] v = new float[BLOCK];
  private final int[] bits = new int[BLOCK];

  HostUpdate(Optimizer optimizer, ParameterLayout layout, Arena arena) {
    this.optimizer = optimizer;
    for (int i = 0; i < optimizer.stateCount(); i++) {
      state.add(new ParameterVector(layout, arena));
    }
  }

  /** The optimizer's vectors: momentum, or mean and square. */
  List<ParameterVector> state() {
    return List.copyOf(state);
  }

  /**
   * Moves the weights by one step.
   *
   * @param weights changed in place
   * @param gradient read only
   * @param scale multiplies the gradient first: the share of a micro-batch times the clipping
   * @param rate the learning rate
   * @param step number of this step, from 1
   */
  void apply(
      ParameterVector weights, ParameterVector gradient, float scale, double rate, long step) {
    switch (optimizer) {
      case Optimizer.Sgd sgd -> sgd(sgd, weights, gradient, scale, rate, step);
      case Optimizer.Adam adam ->
          adam(
              AdamTerms.of(adam.beta1(), adam.beta2(), adam.epsilon(), rate, step),
              scale,
              (float) adam.weightDecay(),
              1,
              weights,
              gradient);
      case Optimizer.AdamW adam ->
          adam(
              AdamTerms.of(adam.beta1(), adam.beta2(), adam.epsilon(), rate, step),
              scale,
              0,
              (float) (1 - rate * adam.weightDecay()),
              weights,
              gradient);
    }
  }

  private void adam(
      AdamTerms terms,
      float scale,
      float penalty,
      float shrink,
      ParameterVector weights,
      ParameterVector gradient) {
    MemorySegment mean = state.get(0).memory();
    MemorySegment square = state.get(1).memory();
    long length = weights.layout().length();
    for (long start = 0; start < length; start += BLOCK) {
      int count = (int) Math.min(BLOCK, length - start);
      load(weights.memory(), start, p, count);
      load(gradient.memory(), start, g, count);
      load(mean, start, m, count);
      load(square, start, v, count);
      adamBlock(terms, scale, penalty, shrink, p, g, m, v, count);
      store(p, weights.memory(), start, count);
      store(m, mean, start, count);
      store(v, square, start, count);
    }
  }

  private static void adamBlock(
      AdamTerms terms,
      float scale,
      float penalty,
      float shrink,
      float[] p,
      float[] g,
      float[] m,
      float[] v,
      int count) {
    float beta1 = terms.beta1();
    float rest1 = terms.rest1();
    float beta2 = terms.beta2();
    float rest2 = terms.rest2();
    float epsilon = terms.epsilon();
    float stepSize = terms.stepSize();
    float correction = terms.inverseRootCorrection();
    for (int i = 0; i < count; i++) {
      float slope = g[i] * scale + penalty * p[i];
      float mean = beta1 * m[i] + rest1 * slope;
      float square = beta2 * v[i] + rest2 * slope * slope;
      m[i] = mean;
      v[i] = square;
      float root = (float) Math.sqrt(square) * correction + epsilon;
      p[i] = p[i] * shrink - stepSize * mean / root;
    }
  }

  private void sgd(
      Optimizer.Sgd rule,
      ParameterVector weights,
      ParameterVector gradient,
      float scale,
      double rate,
      long step) {
    // At the first step the momentum is the gradient itself.
    float momentum = step == 1 ? 0 : (float) rule.momentum();
    float ahead = (float) rule.momentum();
    boolean nesterov = rule.nesterov();
    long length = weights.layout().length();
    for (long start = 0; start < length; start += BLOCK) {
      int count = (int) Math.min(BLOCK, length - start);
      load(weights.memory(), start, p, count);
      load(gradient.memory(), start, g, count);
      if (!state.isEmpty()) {
        load(state.get(0).memory(), start, m, count);
      }
      float decay = (float) rule.weightDecay();
      float small = (float) rate;
      for (int i = 0; i < count; i++) {
        float slope = g[i] * scale + decay * p[i];
        m[i] = momentum * m[i] + slope;
        float move = nesterov ? slope + ahead * m[i] : m[i];
        p[i] = p[i] - small * move;
      }
      store(p, weights.memory(), start, count);
      if (!state.isEmpty()) {
        store(m, state.get(0).memory(), start, count);
      }
    }
  }

  /** The Euclidean length of a gradient over all parameters. */
  double norm(ParameterVector gradient) {
    // Eight sums hide the latency of the addition; their order is fixed.
    double[] sums = new double[8];
    long length = gradient.layout().length();
    for (long start = 0; start < length; start += BLOCK) {
      int count = (int) Math.min(BLOCK, length - start);
      load(gradient.memory(), start, g, count);
      addSquares(g, count, sums);
    }
    return Math.sqrt(
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7])));
  }

  private static void addSquares(float[] values, int count, double[] sums) {
    double s0 = sums[0];
    double s1 = sums[1];
    double s2 = sums[2];
    double s3 = sums[3];
    double s4 = sums[4];
    double s5 = sums[5];
    double s6 = sums[6];
    double s7 = sums[7];
    for (int i = 0; i < count; i += 8) { // count is a multiple of 16
      s0 += (double) values[i] * values[i];
      s1 += (double) values[i + 1] * values[i + 1];
      s2 += (double) values[i + 2] * values[i + 2];
      s3 += (double) values[i + 3] * values[i + 3];
      s4 += (double) values[i + 4] * values[i + 4];
      s5 += (double) values[i + 5] * values[i + 5];
      s6 += (double) values[i + 6] * values[i + 6];
      s7 += (double) values[i + 7] * values[i + 7];
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
    sums[6] = s6;
    sums[7] = s7;
  }

  /** Whether every element is a finite number. */
  boolean finite(ParameterVector vector) {
    int largest = 0;
    long length = vector.layout().length();
    for (long start = 0; start < length; start += BLOCK) {
      int count = (int) Math.min(BLOCK, length - start);
      MemorySegment.copy(vector.memory(), JAVA_INT, start * Float.BYTES, bits, 0, count);
      largest = Math.max(largest, largestMagnitude(bits, count));
    }
    return largest < INFINITY_BITS;
  }

  /** Over integers, whose maximum the JIT compiles to vector instructions. */
  private static int largestMagnitude(int[] bits, int count) {
    int largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, bits[i] & Integer.MAX_VALUE);
    }
    return largest;
  }

  /** Adds {@code part} to {@code sum}. */
  void accumulate(ParameterVector sum, ParameterVector part) {
    long length = sum.layout().length();
    for (long start = 0; start < length; start += BLOCK) {
      int count = (int) Math.min(BLOCK, length - start);
      load(sum.memory(), start, p, count);
      load(part.memory(), start, g, count);
      for (int i = 0; i < count; i++) {
        p[i] += g[i];
      }
      store(p, sum.memory(), start, count);
    }
  }

  /** Moves {@code average} towards {@code weights}: {@code a += (1 - decay) (w - a)}. */
  void average(ParameterVector average, ParameterVector weights, double decay) {
    float share = (float) (1 - decay);
    long length = average.layout().length();
    for (long start = 0; start < length; start += BLOCK) {
      int count = (int) Math.min(BLOCK, length - start);
      load(average.memory(), start, m, count);
      load(weights.memory(), start, p, count);
      for (int i = 0; i < count; i++) {
        m[i] += share * (p[i] - m[i]);
      }
      store(m, average.memory(), start, count);
    }
  }

  private static void load(MemorySegment from, long start, float[] to, int count) {
    MemorySegment.copy(from, JAVA_FLOAT, start * Float.BYTES, to, 0, count);
  }

  private static void store(float[] from, MemorySegment to, long start, int count) {
    MemorySegment.copy(from, 0, to, JAVA_FLOAT, start * Float.BYTES, count);
  }
}
