package dev.forearm.models.train;

/**
 * The rule that turns a gradient into a change of the weights; formulas are those of PyTorch's
 * {@code torch.optim}, so a run can be moved from there.
 *
 * <p>Below, g is the gradient, p the parameter, t the step counted from 1.
 */
public sealed interface Optimizer {
  /** How many vectors of state the rule keeps for each parameter. */
  int stateCount();

  /**
   * Stochastic gradient descent: {@code g += weightDecay p; b = momentum b + g; p -= rate b}, with
   * {@code b = g} at the first step; Nesterov uses {@code g + momentum b} in place of {@code b}.
   *
   * @param momentum in [0, 1)
   * @param nesterov look ahead by one step; needs momentum
   * @param weightDecay L2 penalty, 0 for none
   */
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {
    public Sgd {
      requireFraction("momentum", momentum);
      requireNotNegative("weight decay", weightDecay);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Nesterov needs momentum above 0");
      }
    }

    @Override
    public int stateCount() {
      return momentum == 0 ? 0 : 1;
    }
  }

  /**
   * Adam (Kingma and Ba 2015, <a href="https://arxiv.org/abs/1412.6980">arXiv:1412.6980</a>):
   * {@code g += weightDecay p; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p -=
   * rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)}.
   *
   * @param beta1 decay of the mean, in [0, 1)
   * @param beta2 decay of the square, in [0, 1)
   * @param epsilon floor of the denominator, above 0
   * @param weightDecay L2 penalty, 0 for none
   */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    public Adam {
      requireMoments(beta1, beta2, epsilon);
      requireNotNegative("weight decay", weightDecay);
    }

    /** beta1 0.9, beta2 0.999, epsilon 1e-8, no weight decay. */
    public static Adam standard() {
      return new Adam(0.9, 0.999, 1e-8, 0);
    }

    @Override
    public int stateCount() {
      return 2;
    }
  }

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter 2019, <a
   * href="https://arxiv.org/abs/1711.05101">arXiv:1711.05101</a>): {@code p -= rate weightDecay p},
   * then Adam without its own decay.
   *
   * @param beta1 decay of the mean, in [0, 1)
   * @param beta2 decay of the square, in [0, 1)
   * @param epsilon floor of the denominator, above 0
   * @param weightDecay fraction of the rate by which weights shrink each step
   */
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimizer {
    public AdamW {
      requireMoments(beta1, beta2, epsilon);
      requireNotNegative("weight decay", weightDecay);
    }

    /** beta1 0.9, beta2 0.999, epsilon 1e-8, weight decay 0.01. */
    public static AdamW standard() {
      return new AdamW(0.9, 0.999, 1e-8, 0.01);
    }

    @Override
    public int stateCount() {
      return 2;
    }
  }

  private static void requireMoments(double beta1, double beta2, double epsilon) {
    requireFraction("beta1", beta1);
    requireFraction("beta2", beta2);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon is " + epsilon + ", wanted above 0");
    }
  }

  private static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " is " + value + ", wanted in [0, 1)");
    }
  }

  private static void requireNotNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(name + " is " + value + ", wanted 0 or more");
    }
  }
}
