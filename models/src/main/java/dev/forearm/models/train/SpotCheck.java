package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.models.ModelsFault;
import java.lang.foreign.Arena;
import java.util.Locale;

/**
 * Whether the loss changes along a direction as its gradient says. A graph that was exported
 * wrongly (weights folded under an old name, a branch cut off) fails here, before it has spoiled
 * anything.
 *
 * <p>The direction is random in length along each parameter's gradient, so that the change is well
 * above float32 rounding, and random in direction besides, so that a gradient that is wrongly zero
 * shows. Differences are central, over several widths; the best one counts.
 *
 * @param predicted slope of the loss along the direction, from the gradient
 * @param measured slope of the loss along the direction, from finite differences
 */
public record SpotCheck(double predicted, double measured) {
  /** Beyond what rounding and kinks explain; an export gone wrong is off by far more. */
  public static final double TOLERANCE = 0.03;

  private static final int DIRECTIONS = 2;

  /** Change of the loss to aim at, relative to the loss. */
  private static final double[] WIDTHS = {1e-2, 3e-3, 3e-2, 1e-3, 1e-4};

  /** Difference relative to the slope. */
  public double relativeError() {
    double larger = Math.max(Math.abs(predicted), Math.abs(measured));
    return larger == 0 ? 0 : Math.abs(predicted - measured) / larger;
  }

  /** Whether they agree. */
  public boolean good() {
    return relativeError() <= TOLERANCE;
  }

  /** What to say of a gradient that does not agree. */
  ModelsFault fault(String graph) {
    return new ModelsFault(
        String.format(
            Locale.ROOT,
            "training graph %s: along a random direction the loss changes by %.6g, its gradient says"
                + " %.6g; export the trainable form again, or turn the spot check off",
            graph,
            measured,
            predicted));
  }

  /**
   * Measures over the inputs that the engine holds and restores its weights.
   *
   * @param loss what the engine's last gradients were of
   */
  static SpotCheck run(StepEngine engine, double loss, long seed) {
    try (Arena arena = Arena.ofConfined()) {
      ParameterVector gradient = copy(engine.gradient(), arena);
      ParameterVector start = copy(engine.weights(), arena);
      SpotCheck worst = new SpotCheck(1, 1);
      for (int i = 0; i < DIRECTIONS; i++) {
        ParameterVector direction = direction(gradient, SplitMix.bits(seed, i), arena);
        SpotCheck found = along(engine, start, direction, dot(gradient, direction), loss);
        if (!(found.relativeError() <= worst.relativeError())) {
          worst = found;
        }
      }
      return worst;
    }
  }

  private static SpotCheck along(
      StepEngine engine,
      ParameterVector start,
      ParameterVector direction,
      double predicted,
      double loss) {
    SpotCheck best = new SpotCheck(predicted, Double.NaN);
    for (double width : WIDTHS) {
      double step = width * Math.max(Math.abs(loss), 1e-6) / Math.max(Math.abs(predicted), 1e-12);
      double above = lossAt(engine, start, direction, step);
      double below = lossAt(engine, start, direction, -step);
      SpotCheck found = new SpotCheck(predicted, (above - below) / (2 * step));
      if (!(best.relativeError() <= found.relativeError())) {
        best = found;
      }
      if (best.relativeError() < TOLERANCE / 10) {
        break;
      }
    }
    engine.weights().set(start);
    engine.reload();
    return best;
  }

  private static double lossAt(
      StepEngine engine, ParameterVector start, ParameterVector direction, double step) {
    ParameterVector weights = engine.weights();
    for (long i = 0; i < weights.layout().length(); i++) {
      float moved = (float) (at(start, i) + step * at(direction, i));
      weights.memory().setAtIndex(JAVA_FLOAT, i, moved);
    }
    engine.reload();
    return engine.gradients(true);
  }

  private static ParameterVector direction(ParameterVector gradient, long key, Arena arena) {
    ParameterVector direction = new ParameterVector(gradient.layout(), arena);
    for (ParameterLayout.Slot slot : gradient.layout().slots()) {
      double norm = 0;
      for (long i = slot.offset(); i < slot.offset() + slot.count(); i++) {
        norm += (double) at(gradient, i) * at(gradient, i);
      }
      double along = norm == 0 ? 0 : (0.5 + SplitMix.uniform(key, slot.offset())) / Math.sqrt(norm);
      double across = 1 / Math.sqrt(Math.max(1.0, (double) slot.count()));
      for (long i = slot.offset(); i < slot.offset() + slot.count(); i++) {
        double random = across * SplitMix.normal(key, i);
        direction.memory().setAtIndex(JAVA_FLOAT, i, (float) (along * at(gradient, i) + random));
      }
    }
    return direction;
  }

  private static double dot(ParameterVector a, ParameterVector b) {
    double sum = 0;
    for (long i = 0; i < a.layout().length(); i++) {
      sum += (double) at(a, i) * at(b, i);
    }
    return sum;
  }

  private static float at(ParameterVector vector, long index) {
    return vector.memory().getAtIndex(JAVA_FLOAT, index);
  }

  private static ParameterVector copy(ParameterVector vector, Arena arena) {
    ParameterVector copy = new ParameterVector(vector.layout(), arena);
    copy.set(vector);
    return copy;
  }
}
