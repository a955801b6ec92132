package dev.forearm.calibration.handeye;

import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/**
 * How well a camera can be known from some captures, whoever solves it: the Cramér-Rao bound of
 * solvers that are right on average, for Gaussian noise of corners and joint readings of known size
 * (the inverse of the Fisher information at the truth). For benchmarks.
 *
 * @param covariance of the camera's origin, m, and of its turn, rad, about the axes of its mount:
 *     [6][6]
 */
public record HandEyeBound(DMatrixRMaj covariance) {
  private static final int DRAWS = 2000;
  private static final long SEED = 1;

  /**
   * At a known truth.
   *
   * @param truth where camera and board are
   * @param offsets of the joints, rad or m, in command order
   * @param offsetsKnown whether the solver knows them; else those that are told apart are unknown
   * @param noise of what was seen and read
   */
  public static HandEyeBound of(
      HandEyeProblem problem, HandEye truth, double[] offsets, boolean offsetsKnown, Noise noise) {
    ArmReadings arm = new ArmReadings(problem.robot());
    Reprojection reprojection = new Reprojection(problem);
    Setup setup = new Setup(truth, offsets, problem.camera());
    double[] numbers = setup.numbers();
    IntStream told = offsetsKnown ? IntStream.empty() : IntStream.of(arm.toldApart());
    int[] free =
        IntStream.concat(IntStream.range(0, Setup.place(0)), told.map(Setup::place)).toArray();
    double[] jointNoise =
        IntStream.range(0, arm.joints())
            .mapToDouble(joint -> arm.noise(joint, noise.jointRad()))
            .toArray();
    DMatrixRMaj information = new DMatrixRMaj(free.length, free.length);
    for (Capture capture : problem.captures()) {
      DMatrixRMaj all = reprojection.derivatives(setup, numbers, capture);
      DMatrixRMaj byJoints =
          CommonOps_DDRM.extract(
              all, 0, all.numRows, Setup.place(0), Setup.place(jointNoise.length));
      double[] precision =
          IntStream.range(0, all.numRows).mapToDouble(_ -> 1 / noise.cornerPx()).toArray();
      DMatrixRMaj some = new DMatrixRMaj(all.numRows, free.length);
      for (int row = 0; row < all.numRows; row++) {
        for (int column = 0; column < free.length; column++) {
          some.set(row, column, all.get(row, free[column]));
        }
      }
      new Whitening(byJoints, jointNoise, precision).apply(some);
      CommonOps_DDRM.multAddTransA(some, some, information);
    }
    if (!CommonOps_DDRM.invert(information)) {
      throw new IllegalArgumentException("bound: the captures do not tell where the camera is");
    }
    DMatrixRMaj camera = CommonOps_DDRM.extract(information, 0, Poses.SIZE, 0, Poses.SIZE);
    return new HandEyeBound(Poses.turned(camera, numbers, 0));
  }

  /** Of the origin, root mean square, mm. */
  public double mm() {
    return 1e3 * Math.sqrt(trace(0));
  }

  /** Of the turn, root mean square, deg. */
  public double deg() {
    return Math.toDegrees(Math.sqrt(trace(3)));
  }

  private double trace(int from) {
    return covariance.get(from, from)
        + covariance.get(from + 1, from + 1)
        + covariance.get(from + 2, from + 2);
  }

  /** How likely a solver that attains the bound is beyond either of two errors, 0 to 1. */
  public double chanceBeyond(double mm, double deg) {
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky =
        DecompositionFactory_DDRM.chol(Poses.SIZE, true);
    if (!cholesky.decompose(covariance.copy())) {
      throw new IllegalStateException("a covariance is positive definite");
    }
    DMatrixRMaj lower = cholesky.getT(null);
    Random random = new Random(SEED);
    DMatrixRMaj white = new DMatrixRMaj(Poses.SIZE, 1);
    DMatrixRMaj error = new DMatrixRMaj(Poses.SIZE, 1);
    int beyond = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int i = 0; i < Poses.SIZE; i++) {
        white.set(i, random.nextGaussian());
      }
      CommonOps_DDRM.mult(lower, white, error);
      double offMm = 1e3 * norm(error.data, 0);
      double offDeg = Math.toDegrees(norm(error.data, 3));
      beyond += offMm > mm || offDeg > deg ? 1 : 0;
    }
    return (double) beyond / DRAWS;
  }

  private static double norm(double[] values, int from) {
    return Poses.length(new double[] {values[from], values[from + 1], values[from + 2]});
  }
}
