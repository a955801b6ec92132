package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.PinholeCamera;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.ddogleg.optimization.FactoryOptimization;
import org.ddogleg.optimization.UnconstrainedLeastSquares;
import org.ddogleg.optimization.UtilOptimize;
import org.ddogleg.optimization.functions.FunctionNtoM;
import org.ddogleg.optimization.functions.FunctionNtoMxN;
import org.ddogleg.optimization.lm.ConfigLevenbergMarquardt;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * One least squares over all corners of all captures: camera, board and, as asked, joint offsets
 * and the camera's own numbers, by Levenberg and Marquardt with analytic derivatives.
 *
 * <p>Joint readings are noisy too, and what they shift is common to all corners of a capture:
 * {@link Whitening} weighs that. Corners count by Huber's weights, captures by Cauchy's. Both
 * noises and the spread of the offsets (MacKay's evidence, Neural Computation 4(3), 1992) are
 * learned between the solutions, so offsets that the data does not show stay near 0 and cost the
 * others nothing.
 */
final class BundleAdjustment {
  private static final int ROUNDS = 12;
  private static final int STEPS = 50;
  private static final double CONVERGED = 1e-2; // of a standard error
  private static final double HUBER = 1.345;
  private static final double CAUCHY = 2.4;
  private static final double GAUSSIAN_OF_MEDIAN = 1.4826;

  /** How many captures the noise that it begins with counts for. */
  private static final double PRIOR_CAPTURES = 1;

  private static final double CORNER_NOISE_MIN_PX = 1e-3;
  private static final double JOINT_NOISE_MIN_RAD = 1e-6;
  private static final double OFFSET_SPREAD_START_RAD = Math.toRadians(0.5);
  private static final double OFFSET_SPREAD_MIN_RAD = Math.toRadians(0.002);
  private static final double OFFSET_SPREAD_MAX_RAD = Math.toRadians(5);

  /** How far a camera's numbers may be off: of fx fy cx cy (1 and px) and k1 k2 p1 p2 k3. */
  private static final double FOCAL_SPREAD = 0.02; // of the focal length

  private static final double CENTRE_SPREAD_PX = 10;
  private static final double DISTORTION_SPREAD = 0.05;

  private final HandEyeProblem problem;
  private final ArmReadings arm;
  private final Reprojection reprojection;
  private final int[] told; // joints whose offsets are solved for
  private final int[] free; // places of what is solved for in the setup's numbers
  private final int rows;

  private Noise noise;
  private double offsetSpread = OFFSET_SPREAD_START_RAD;
  private final List<double[]> cornerWeights = new ArrayList<>();
  private final double[] captureWeights;
  private final List<Whitening> whitenings = new ArrayList<>();

  BundleAdjustment(HandEyeProblem problem, Set<Freedom> freedoms, Noise noise) {
    this.problem = problem;
    this.noise = noise;
    arm = new ArmReadings(problem.robot());
    reprojection = new Reprojection(problem);
    told = freedoms.contains(Freedom.JOINT_OFFSETS) ? arm.toldApart() : new int[0];
    int size = Setup.size(arm.joints());
    int cameraAt = Setup.place(arm.joints());
    IntStream poses = IntStream.range(0, Setup.place(0));
    IntStream camera =
        IntStream.range(freedoms.contains(Freedom.INTRINSICS) ? cameraAt : size, size);
    free =
        IntStream.concat(IntStream.concat(poses, Arrays.stream(told).map(Setup::place)), camera)
            .toArray();
    captureWeights = new double[problem.captures().size()];
    Arrays.fill(captureWeights, 1);
    int sum = 0;
    for (Capture capture : problem.captures()) {
      double[] weights = new double[Reprojection.rows(capture)];
      Arrays.fill(weights, 1);
      cornerWeights.add(weights);
      sum += weights.length;
    }
    rows = sum + free.length; // each number has a prior, if only of 0
  }

  /**
   * What came of it.
   *
   * @param setup solved for
   * @param noise as learned
   * @param shifts of each capture: by how many standard deviations of what joint noise explains the
   *     board is off in it, root mean square over six directions
   * @param errors standard errors of the setup's numbers, of turns about axes in place of rotation
   *     vectors; 0 where a number was not solved for
   */
  @SuppressWarnings("ArrayRecordComponent") // read and never compared
  record Fit(Setup setup, Noise noise, double[] shifts, double[] errors) {}

  /** Solves it from a rough solution. */
  Fit solve(HandEye start) {
    Setup setup = new Setup(start, new double[arm.joints()], problem.camera());
    double[] errors = new double[0];
    double[] shifts = new double[captureWeights.length];
    for (int round = 0; round < ROUNDS; round++) {
      double[] numbers = setup.numbers();
      List<DMatrixRMaj> derivatives = derivatives(setup, numbers);
      whiten(derivatives);
      if (round > 0) {
        shifts = weigh(setup);
        whiten(derivatives);
      }
      double[] before = chosen(numbers);
      setup = minimum(setup, before);
      errors = standardErrors(setup);
      learnOffsetSpread(setup, errors);
      if (round > 1 && moved(before, chosen(setup.numbers()), errors) < CONVERGED) {
        break;
      }
    }
    double[] all = new double[Setup.size(arm.joints())];
    for (int i = 0; i < free.length; i++) {
      all[free[i]] = errors[i];
    }
    return new Fit(setup, noise, shifts, all);
  }

  private List<DMatrixRMaj> derivatives(Setup setup, double[] numbers) {
    return problem.captures().stream()
        .map(capture -> reprojection.derivatives(setup, numbers, capture))
        .toList();
  }

  private void whiten(List<DMatrixRMaj> derivatives) {
    whitenings.clear();
    double[] jointNoise = new double[arm.joints()];
    for (int j = 0; j < jointNoise.length; j++) {
      jointNoise[j] = arm.noise(j, noise.jointRad());
    }
    for (int i = 0; i < derivatives.size(); i++) {
      DMatrixRMaj all = derivatives.get(i);
      DMatrixRMaj byJoints =
          CommonOps_DDRM.extract(
              all, 0, all.numRows, Setup.place(0), Setup.place(jointNoise.length));
      double[] precision =
          Arrays.stream(cornerWeights.get(i))
              .map(weight -> Math.sqrt(weight) / noise.cornerPx())
              .toArray();
      whitenings.add(new Whitening(byJoints, jointNoise, precision));
    }
  }

  /** Sets weights and noises by what is left over; gives the captures' shifts. */
  private double[] weigh(Setup setup) {
    double[] shifts = new double[captureWeights.length];
    double[] left = new double[rows - free.length];
    int at = 0;
    double squares = 0;
    double count = 0;
    for (int i = 0; i < shifts.length; i++) {
      Capture capture = problem.captures().get(i);
      DMatrixRMaj residuals = new DMatrixRMaj(Reprojection.rows(capture), 1);
      reprojection.residuals(setup, capture, residuals.data, 0);
      Whitening whitening = whitenings.get(i);
      double square = whitening.shift(residuals);
      shifts[i] = Math.sqrt(square);
      captureWeights[i] = 1 / (1 + square / (CAUCHY * CAUCHY));
      squares += captureWeights[i] * whitening.rank() * square;
      count += captureWeights[i] * whitening.rank();
      DMatrixRMaj ofCorners = whitening.ofCorners(residuals);
      double[] weights = cornerWeights.get(i);
      double dof = Math.sqrt((double) weights.length / (weights.length - whitening.rank()));
      for (int row = 0; row < weights.length; row++) {
        left[at++] = Math.abs(ofCorners.get(row)) * dof / Math.sqrt(weights[row]);
      }
    }
    at = 0;
    for (double[] weights : cornerWeights) {
      for (int corner = 0; corner < weights.length; corner += 2) {
        double size = Math.hypot(left[at + corner], left[at + corner + 1]) / Math.sqrt(2);
        double weight = size <= HUBER ? 1 : HUBER / size;
        weights[corner] = weight;
        weights[corner + 1] = weight;
      }
      at += weights.length;
    }
    Arrays.sort(left);
    double cornerScale = GAUSSIAN_OF_MEDIAN * left[left.length / 2];
    double prior = PRIOR_CAPTURES * Poses.SIZE;
    double jointScale = Math.sqrt((squares + prior) / (Math.max(0, count - free.length) + prior));
    noise =
        new Noise(
            Math.max(CORNER_NOISE_MIN_PX, noise.cornerPx() * cornerScale),
            Math.max(JOINT_NOISE_MIN_RAD, noise.jointRad() * jointScale));
    return shifts;
  }

  private Setup minimum(Setup start, double[] from) {
    ConfigLevenbergMarquardt config = new ConfigLevenbergMarquardt();
    config.hessianScaling = true;
    UnconstrainedLeastSquares<DMatrixRMaj> search =
        FactoryOptimization.levenbergMarquardt(config, false);
    search.setFunction(new Residuals(start), new Derivatives(start));
    search.initialize(from, 1e-9, 1e-9);
    UtilOptimize.process(search, STEPS);
    return start.with(placed(start, search.getParameters()));
  }

  /** All residuals, whitened, and the priors. */
  private final class Residuals implements FunctionNtoM {
    private final Setup start;

    Residuals(Setup start) {
      this.start = start;
    }

    @Override
    public void process(double[] input, double[] output) {
      double[] numbers = placed(start, input);
      Setup setup = start.with(numbers);
      int at = 0;
      for (int i = 0; i < whitenings.size(); i++) {
        Capture capture = problem.captures().get(i);
        DMatrixRMaj residuals = new DMatrixRMaj(Reprojection.rows(capture), 1);
        reprojection.residuals(setup, capture, residuals.data, 0);
        whitenings.get(i).apply(residuals);
        CommonOps_DDRM.scale(Math.sqrt(captureWeights[i]), residuals);
        System.arraycopy(residuals.data, 0, output, at, residuals.numRows);
        at += residuals.numRows;
      }
      double[] usual = usual();
      for (int i = 0; i < free.length; i++) {
        output[at + i] = priorPrecision(free[i]) * (numbers[free[i]] - usual[free[i]]);
      }
    }

    @Override
    public int getNumOfInputsN() {
      return free.length;
    }

    @Override
    public int getNumOfOutputsM() {
      return rows;
    }
  }

  /** How {@link Residuals} change. */
  private final class Derivatives implements FunctionNtoMxN<DMatrixRMaj> {
    private final Setup start;

    Derivatives(Setup start) {
      this.start = start;
    }

    @Override
    public void process(double[] input, DMatrixRMaj output) {
      double[] numbers = placed(start, input);
      Setup setup = start.with(numbers);
      output.zero();
      int at = 0;
      for (int i = 0; i < whitenings.size(); i++) {
        DMatrixRMaj all = reprojection.derivatives(setup, numbers, problem.captures().get(i));
        DMatrixRMaj part = new DMatrixRMaj(all.numRows, free.length);
        for (int row = 0; row < all.numRows; row++) {
          for (int column = 0; column < free.length; column++) {
            part.set(row, column, all.get(row, free[column]));
          }
        }
        whitenings.get(i).apply(part);
        CommonOps_DDRM.scale(Math.sqrt(captureWeights[i]), part);
        CommonOps_DDRM.insert(part, output, at, 0);
        at += part.numRows;
      }
      for (int i = 0; i < free.length; i++) {
        output.set(at + i, i, priorPrecision(free[i]));
      }
    }

    @Override
    public DMatrixRMaj declareMatrixMxN() {
      return new DMatrixRMaj(rows, free.length);
    }

    @Override
    public int getNumOfInputsN() {
      return free.length;
    }

    @Override
    public int getNumOfOutputsM() {
      return rows;
    }
  }

  private double[] chosen(double[] numbers) {
    return Arrays.stream(free).mapToDouble(place -> numbers[place]).toArray();
  }

  private double[] placed(Setup start, double[] chosen) {
    double[] numbers = start.numbers();
    for (int i = 0; i < free.length; i++) {
      numbers[free[i]] = chosen[i];
    }
    return numbers;
  }

  /** What offsets and the camera's numbers are by their priors. */
  private double[] usual() {
    double[] numbers = new double[Setup.size(arm.joints())];
    System.arraycopy(
        problem.camera().parameters(),
        0,
        numbers,
        Setup.place(arm.joints()),
        PinholeCamera.PARAMETERS);
    return numbers;
  }

  /** One over the standard deviation of a number's prior. */
  private double priorPrecision(int place) {
    int camera = place - Setup.place(arm.joints());
    if (place < Setup.place(0)) {
      return 0;
    }
    if (camera < 0) {
      return 1 / offsetSpread;
    }
    return switch (camera) {
      case 0 -> 1 / (FOCAL_SPREAD * problem.camera().fx());
      case 1 -> 1 / (FOCAL_SPREAD * problem.camera().fy());
      case 2, 3 -> 1 / CENTRE_SPREAD_PX;
      default -> 1 / DISTORTION_SPREAD;
    };
  }

  private double[] standardErrors(Setup setup) {
    Derivatives derivatives = new Derivatives(setup);
    DMatrixRMaj jacobian = derivatives.declareMatrixMxN();
    derivatives.process(chosen(setup.numbers()), jacobian);
    DMatrixRMaj normal = CommonOps_DDRM.multTransA(jacobian, jacobian, null);
    DMatrixRMaj covariance = new DMatrixRMaj(free.length, free.length);
    if (!CommonOps_DDRM.invert(normal, covariance)) {
      double[] unknown = new double[free.length];
      Arrays.fill(unknown, Double.POSITIVE_INFINITY);
      return unknown;
    }
    for (int at : new int[] {0, Poses.SIZE}) { // both poses come first
      DMatrixRMaj pose =
          CommonOps_DDRM.extract(covariance, at, at + Poses.SIZE, at, at + Poses.SIZE);
      CommonOps_DDRM.insert(Poses.turned(pose, setup.numbers(), at), covariance, at, at);
    }
    return IntStream.range(0, free.length)
        .mapToDouble(i -> Math.sqrt(Math.max(0, covariance.get(i, i))))
        .toArray();
  }

  private void learnOffsetSpread(Setup setup, double[] errors) {
    double squares = 0;
    double shown = 0; // how many offsets the data shows rather than the prior
    for (int i = 0; i < told.length; i++) {
      double offset = setup.offsets()[told[i]];
      double error = errors[Setup.place(0) + i];
      squares += offset * offset;
      shown += Math.max(0, 1 - error * error / (offsetSpread * offsetSpread));
    }
    if (told.length > 0) {
      offsetSpread =
          Math.clamp(
              Math.sqrt(squares / Math.max(shown, 1e-3)),
              OFFSET_SPREAD_MIN_RAD,
              OFFSET_SPREAD_MAX_RAD);
    }
  }

  private static double moved(double[] before, double[] after, double[] errors) {
    double largest = 0;
    for (int i = 0; i < before.length; i++) {
      largest = Math.max(largest, Math.abs(after[i] - before[i]) / Math.max(errors[i], 1e-15));
    }
    return largest;
  }
}
