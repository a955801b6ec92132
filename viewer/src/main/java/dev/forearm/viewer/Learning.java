package dev.forearm.viewer;

import java.util.List;
import java.util.Optional;

/**
 * What a learner tells of itself at one moment.
 *
 * @param title which learner
 * @param iterations that are done, in order
 * @param now what the iteration under way does; empty between two, and where nobody learns any more
 * @param losses of the iteration under way or the last, one curve for each half that was trained
 */
public record Learning(
    String title, List<Iteration> iterations, Optional<Phase> now, List<Loss> losses) {
  public Learning {
    iterations = List.copyOf(iterations);
    losses = List.copyOf(losses);
  }

  /**
   * What an iteration brought: shares of episodes that succeeded, not a number where none was
   * played.
   *
   * @param practised of those that were learned from
   * @param incumbent of the policy before, when it was compared with the candidate
   * @param candidate of the candidate, from the same starts
   * @param taken whether the candidate took the other's place
   */
  public record Iteration(double practised, double incumbent, double candidate, boolean taken) {}

  /**
   * A part of an iteration.
   *
   * @param name for people, for example {@code practising}
   * @param done episodes or steps
   * @param of how many
   */
  public record Phase(String name, long done, long of) {}

  /**
   * A loss by training step.
   *
   * @param half that was trained, for people
   * @param steps from 1, rising
   * @param values at these steps
   */
  public record Loss(String half, List<Double> steps, List<Double> values) {
    public Loss {
      steps = List.copyOf(steps);
      values = List.copyOf(values);
    }
  }
}
