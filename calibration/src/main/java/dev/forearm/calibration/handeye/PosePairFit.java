package dev.forearm.calibration.handeye;

import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ddogleg.optimization.FactoryOptimization;
import org.ddogleg.optimization.UnconstrainedLeastSquares;
import org.ddogleg.optimization.UtilOptimize;
import org.ddogleg.optimization.functions.FunctionNtoM;
import org.ejml.data.DMatrixRMaj;

/**
 * Hand-eye calibration from pose pairs alone, for where no corners are to be had: the closed form
 * that fits the better half of the pairs best, then least squares. How far translations across and
 * along the camera's axis and rotations are off is learned; pairs count by Cauchy's weights, then
 * by Tukey's.
 */
public final class PosePairFit implements FunctionNtoM {
  private static final int SUBSETS = 30;
  private static final int SUBSET_SIZE = 6;
  private static final long SUBSET_SEED = 1;

  /** At this distance a turn by an angle counts as much as a shift, m. */
  private static final double LEVER_M = 0.3;

  private static final int ROUNDS = 8;
  private static final int STEPS = 50;
  private static final int REDESCENDING = 3; // rounds after which what is far off counts nothing
  private static final double CAUCHY = 2.4;
  private static final double TUKEY = 2.5;
  private static final double SCALE_MIN = 1e-9;

  /** Which residuals share a scale: x and y, z, the rotation. */
  private static final int[] KIND = {0, 0, 1, 2, 2, 2};

  private final List<PosePair> pairs;
  private final double[] scales = {1e-3, 1e-3, 1e-3};
  private final double[] weights;

  private PosePairFit(List<PosePair> pairs) {
    this.pairs = pairs;
    weights = new double[pairs.size()];
    Arrays.fill(weights, 1);
  }

  /**
   * Solves it.
   *
   * @param pairs whose motion {@link MotionSpread} does not refuse
   */
  public static HandEye of(List<PosePair> pairs) {
    PosePairFit fit = new PosePairFit(pairs);
    double[] numbers = new double[2 * Poses.SIZE];
    HandEye start = rough(pairs);
    Poses.write(start.mountFromCamera(), numbers, 0);
    Poses.write(start.holderFromBoard(), numbers, Poses.SIZE);
    for (int round = 0; round < ROUNDS; round++) {
      fit.weigh(numbers, round);
      UnconstrainedLeastSquares<DMatrixRMaj> search =
          FactoryOptimization.levenbergMarquardt(null, false);
      search.setFunction(fit, null);
      search.initialize(numbers, 1e-12, 1e-12);
      UtilOptimize.process(search, STEPS);
      numbers = search.getParameters().clone();
    }
    return handEye(numbers);
  }

  /** Of the closed forms of all pairs and of some: the one with the least median error. */
  static HandEye rough(List<PosePair> pairs) {
    Random random = new Random(SUBSET_SEED);
    List<PosePair> shuffled = new ArrayList<>(pairs);
    Stream<HandEye> ofSome =
        IntStream.range(0, SUBSETS)
            .mapToObj(_ -> {
              Collections.shuffle(shuffled, random);
              return ClosedForm.SHAH.solve(
                  shuffled.subList(0, Math.min(SUBSET_SIZE, shuffled.size())));
            });
    HandEye best = ClosedForm.SHAH.solve(pairs);
    double least = medianError(best, pairs);
    Stream<HandEye> ofAll = Arrays.stream(ClosedForm.values()).map(method -> method.solve(pairs));
    for (HandEye candidate : Stream.concat(ofAll, ofSome).toList()) {
      double error = medianError(candidate, pairs);
      if (error < least) {
        best = candidate;
        least = error;
      }
    }
    return best;
  }

  private static double medianError(HandEye candidate, List<PosePair> pairs) {
    double[] errors =
        pairs.stream()
            .mapToDouble(pair -> {
              Se3_F64 predicted = candidate.cameraFromBoard(pair.mountFromHolder());
              return Math.hypot(
                  Poses.distance(predicted, pair.cameraFromBoard()),
                  LEVER_M * Poses.angle(predicted, pair.cameraFromBoard()));
            })
            .sorted()
            .toArray();
    return errors[errors.length / 2];
  }

  private void weigh(double[] numbers, int round) {
    double[] residuals = new double[getNumOfOutputsM()];
    Arrays.fill(weights, 1);
    process(numbers, residuals);
    double[] squares = new double[scales.length];
    double[] counts = new double[scales.length];
    for (int i = 0; i < weights.length; i++) {
      double sum = 0;
      for (int k = 0; k < Poses.SIZE; k++) {
        sum += residuals[Poses.SIZE * i + k] * residuals[Poses.SIZE * i + k];
      }
      double square = sum / Poses.SIZE;
      weights[i] =
          round < REDESCENDING
              ? 1 / (1 + square / (CAUCHY * CAUCHY))
              : Math.pow(Math.max(0, 1 - square / (TUKEY * TUKEY)), 2);
      for (int k = 0; k < Poses.SIZE; k++) {
        double residual = residuals[Poses.SIZE * i + k];
        squares[KIND[k]] += weights[i] * residual * residual;
        counts[KIND[k]] += weights[i];
      }
    }
    for (int kind = 0; kind < scales.length; kind++) {
      scales[kind] = Math.max(SCALE_MIN, scales[kind] * Math.sqrt(squares[kind] / counts[kind]));
    }
  }

  private static HandEye handEye(double[] numbers) {
    return new HandEye(Poses.read(numbers, 0), Poses.read(numbers, Poses.SIZE));
  }

  /** How far each pair is off in the camera's frame, in its scales. */
  @Override
  public void process(double[] numbers, double[] residuals) {
    HandEye handEye = handEye(numbers);
    for (int i = 0; i < pairs.size(); i++) {
      Se3_F64 predicted = handEye.cameraFromBoard(pairs.get(i).mountFromHolder());
      Se3_F64 seen = pairs.get(i).cameraFromBoard();
      double[] turn = Poses.rotationVector(Poses.product(predicted, Poses.inverse(seen)).R);
      double[] off = {
        predicted.T.x - seen.T.x,
        predicted.T.y - seen.T.y,
        predicted.T.z - seen.T.z,
        turn[0],
        turn[1],
        turn[2]
      };
      for (int k = 0; k < Poses.SIZE; k++) {
        residuals[Poses.SIZE * i + k] = Math.sqrt(weights[i]) * off[k] / scales[KIND[k]];
      }
    }
  }

  @Override
  public int getNumOfInputsN() {
    return 2 * Poses.SIZE;
  }

  @Override
  public int getNumOfOutputsM() {
    return Poses.SIZE * pairs.size();
  }
}
