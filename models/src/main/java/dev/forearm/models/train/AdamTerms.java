package dev.forearm.models.train;

/**
 * Factors of one Adam step; see {@link Optimizer.Adam}.
 *
 * @param beta1 decay of the mean
 * @param rest1 1 - beta1, rounded once
 * @param beta2 decay of the square
 * @param rest2 1 - beta2, rounded once
 * @param epsilon floor of the denominator
 * @param stepSize learning rate over the mean's bias correction
 * @param inverseRootCorrection one over the root of the square's bias correction
 */
record AdamTerms(
    float beta1,
    float rest1,
    float beta2,
    float rest2,
    float epsilon,
    float stepSize,
    float inverseRootCorrection) {

  /** For step {@code step}, counted from 1. */
  static AdamTerms of(double beta1, double beta2, double epsilon, double rate, long step) {
    double correction1 = 1 - StrictMath.pow(beta1, (double) step);
    double correction2 = 1 - StrictMath.pow(beta2, (double) step);
    return new AdamTerms(
        (float) beta1,
        (float) (1 - beta1),
        (float) beta2,
        (float) (1 - beta2),
        (float) epsilon,
        (float) (rate / correction1),
        (float) (1 / Math.sqrt(correction2)));
  }
}
