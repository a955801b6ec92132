package dev.forearm.calibration.actuators;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One joint's response, fitted by Gauss-Newton with weights that fall to zero for what does not fit
 * (Tukey's biweight). Positions within a second say much the same, so standard errors come from
 * seconds, not from samples (a cluster-robust covariance; Liang and Zeger 1986).
 */
final class ResponseFit {
  private static final int STEPS = 30;
  private static final double TUKEY = 4.685; // residuals in scales, 95 % efficient if Gaussian
  private static final double SCALE_OF_MEDIAN = 1.4826;
  private static final double SCALE_MIN = 1e-7;
  private static final int SAMPLES_MIN = 100;

  /** Commands of a joint must spread over this share of its range to tell a gain... */
  private static final double SPREAD_MIN = 0.02;

  /** ...to this standard error. */
  private static final double GAIN_ERROR_MAX = 0.005;

  private static final double LAG_ERROR_SECONDS_MAX = 0.01;

  private final Joint joint;
  private final MotionSamples samples;
  private final double biasMax;
  private boolean[] usable = new boolean[0];
  private double[] residuals = new double[0];
  private double[] weights = new double[0];
  private double gain = 1;
  private double bias;
  private double lag; // s
  private double centre;

  private ResponseFit(Joint joint, List<JointMotion> motions) {
    this.joint = joint;
    samples = new MotionSamples(motions);
    biasMax = JointResponse.biasMax(joint.unit());
  }

  /**
   * Fits.
   *
   * @throws RuntimeFault if there is too little to fit, or what is found is beyond all limits
   */
  static JointResponse of(Joint joint, List<JointMotion> motions) {
    return new ResponseFit(joint, motions).fit();
  }

  private JointResponse fit() {
    lag = samples.roughLag();
    samples.shift(lag);
    choose();
    double[] errors = refine(true);
    boolean gainTold =
        spread() >= SPREAD_MIN * (joint.positionMax() - joint.positionMin())
            && errors[1] <= GAIN_ERROR_MAX;
    if (!gainTold) {
      gain = 1;
      errors = refine(false);
    }
    boolean lagTold = errors[2] <= LAG_ERROR_SECONDS_MAX;
    return new JointResponse(
        joint.name(),
        gain,
        gainTold ? Optional.of(errors[1]) : Optional.empty(),
        bias,
        errors[0],
        centre,
        Math.round(lag * 1e9),
        lagTold ? Optional.of(Math.round(errors[2] * 1e9)) : Optional.empty(),
        0,
        unexplained(1, 0),
        unexplained(gain, bias));
  }

  /** Which samples may count: calm, free, and not further off than any servo that is adapted to. */
  private void choose() {
    usable = samples.calmAndFree(lag);
    centre = median(samples.commands(), usable);
    for (int i = 0; i < usable.length; i++) {
      double command = samples.commands()[i];
      double off = Math.abs(samples.positions()[i] - command);
      usable[i] &= off <= biasMax + (JointResponse.GAIN_MAX - 1) * Math.abs(command - centre);
    }
    int count = 0;
    for (boolean each : usable) {
      count += each ? 1 : 0;
    }
    if (count < SAMPLES_MIN) {
      throw new RuntimeFault(
          "identify actuators: joint '%s' has %s of %s samples that tell of its servo, wanted %s; record longer episodes, or repair what holds the joint more than %s %s from its command"
              .formatted(
                  joint.name(), count, usable.length, SAMPLES_MIN, biasMax, joint.unit().symbol()));
    }
    residuals = new double[usable.length];
    weights = new double[usable.length];
  }

  /** Standard errors of bias, gain and lag. */
  private double[] refine(boolean withGain) {
    LeastSquares system = new LeastSquares();
    for (int step = 0; step < STEPS; step++) {
      samples.shift(lag);
      weigh();
      system = new LeastSquares();
      for (int i = 0; i < usable.length; i++) {
        if (weights[i] > 0) {
          system.add(row(i, withGain), residuals[i], weights[i], samples.block(i));
        }
      }
      double[] move = system.solution();
      bias = Math.clamp(bias + move[0], -biasMax, biasMax);
      gain = Math.clamp(gain + move[1], JointResponse.GAIN_MIN, JointResponse.GAIN_MAX);
      lag = Math.clamp(lag + move[2], 0, JointResponse.LAG_MAX_NANOS * 1e-9);
    }
    samples.shift(lag);
    weigh();
    return system.standardErrors();
  }

  private double[] row(int i, boolean withGain) {
    return new double[] {
      1, withGain ? samples.commands()[i] - centre : 0, -gain * samples.speeds()[i]
    };
  }

  private void weigh() {
    double[] sizes = new double[usable.length];
    for (int i = 0; i < usable.length; i++) {
      double command = samples.commands()[i];
      residuals[i] = samples.positions()[i] - centre - gain * (command - centre) - bias;
      sizes[i] = Math.abs(residuals[i]);
    }
    double scale = Math.max(SCALE_MIN, SCALE_OF_MEDIAN * median(sizes, usable));
    for (int i = 0; i < usable.length; i++) {
      double u = residuals[i] / (TUKEY * scale);
      weights[i] = usable[i] && Math.abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0;
    }
  }

  /** Root mean square of what a response leaves of the samples that count. */
  private double unexplained(double gain, double bias) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        double left =
            samples.positions()[i] - centre - gain * (samples.commands()[i] - centre) - bias;
        sum += left * left;
        count++;
      }
    }
    return Math.sqrt(sum / Math.max(1, count));
  }

  /** Of the commands that count, from the 5th to the 95th percentile. */
  private double spread() {
    double[] counted = new double[weights.length];
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        counted[count++] = samples.commands()[i];
      }
    }
    Arrays.sort(counted, 0, count);
    return count == 0
        ? 0
        : counted[(int) (0.95 * (count - 1))] - counted[(int) (0.05 * (count - 1))];
  }

  private static double median(double[] values, boolean[] counted) {
    double[] chosen = new double[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (counted[i]) {
        chosen[count++] = values[i];
      }
    }
    Arrays.sort(chosen, 0, count);
    return count == 0 ? 0 : chosen[count / 2];
  }
}
