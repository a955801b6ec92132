package dev.forearm.launch.swap;

/**
 * What is counted of a policy while it drives the arm. The difference of two counts is what
 * happened between them.
 *
 * @param steps policy steps
 * @param interventions refused plans, and holds because of what was planned
 * @param edits control cycles in which the safety filter sent another command than the chunk's
 * @param errors steps with a foresight error
 * @param errorSum of all those errors, in feature scales
 */
record Conduct(long steps, long interventions, long edits, long errors, double errorSum) {
  static final Conduct NONE = new Conduct(0, 0, 0, 0, 0);

  Conduct plus(Conduct more) {
    return new Conduct(
        steps + more.steps,
        interventions + more.interventions,
        edits + more.edits,
        errors + more.errors,
        errorSum + more.errorSum);
  }

  Conduct minus(Conduct earlier) {
    return new Conduct(
        steps - earlier.steps,
        interventions - earlier.interventions,
        edits - earlier.edits,
        errors - earlier.errors,
        errorSum - earlier.errorSum);
  }

  /** NaN where there is none. */
  double meanError() {
    return errors == 0 ? Double.NaN : errorSum / errors;
  }

  /** Edited cycles for each policy step; NaN where there is none. */
  double editsPerStep() {
    return steps == 0 ? Double.NaN : (double) edits / steps;
  }
}
