package dev.forearm.models.promotion;

import dev.forearm.models.grad.Loss;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.promotion.LoggedSteps.Step;
import java.util.List;

/**
 * An action-conditioned model that is learned from logs: what would be seen one horizon later if
 * this were commanded now, and how probably an episode succeeds from there. Two {@link Perceptron}s
 * in a row. It is good for nothing until {@link Calibration} says so.
 */
final class ConsequenceModel implements AutoCloseable {
  private static final int DYNAMICS_STEPS = 3000;
  private static final int VALUE_STEPS = 500;

  private final LoggedSteps form;
  private final Perceptron dynamics;
  private final Perceptron value;

  private ConsequenceModel(LoggedSteps form, Perceptron dynamics, Perceptron value) {
    this.form = form;
    this.dynamics = dynamics;
    this.value = value;
  }

  /**
   * An episode to learn from or to be tested on.
   *
   * @param steps in order
   * @param success whether its task was done in the end
   */
  record Episode(List<Step> steps, boolean success) {}

  /** Learns from episodes; equal seeds and episodes, equal models. */
  static ConsequenceModel learn(LoggedSteps form, List<Episode> episodes, long seed) {
    int rows = episodes.stream().mapToInt(episode -> episode.steps().size()).sum();
    float[] inputs = new float[rows * form.inputWidth()];
    float[] changes = new float[rows * form.frameWidth()];
    float[] outlooks = new float[rows * form.frameWidth()];
    long[] labels = new long[rows];
    int row = 0;
    for (Episode episode : episodes) {
      for (Step step : episode.steps()) {
        int at = row * form.frameWidth();
        form.input(step.observation(), step.knots(), inputs, row * form.inputWidth());
        form.change(step.observation(), step.frame(), changes, at);
        form.outlook(step.observation(), changes, at, outlooks, at);
        labels[row++] = episode.success() ? 1 : 0;
      }
    }
    HostTensor seen = HostTensor.ofFloats(new long[] {rows, form.inputWidth()}, inputs);
    HostTensor change = HostTensor.ofFloats(new long[] {rows, form.frameWidth()}, changes);
    HostTensor outlook = HostTensor.ofFloats(new long[] {rows, form.frameWidth()}, outlooks);
    HostTensor label = HostTensor.ofLongs(new long[] {rows}, labels);
    Perceptron dynamics =
        Perceptron.train(
            seen, change, form.frameWidth(), new Loss.MeanSquared(), DYNAMICS_STEPS, seed);
    return new ConsequenceModel(
        form,
        dynamics,
        Perceptron.train(outlook, label, 2, new Loss.CrossEntropy(), VALUE_STEPS, seed + 1));
  }

  /**
   * What changes if at each observation the knots of the same place are commanded.
   *
   * @return [step][imagined feature], normalised
   */
  float[] changes(List<Step> steps, List<double[]> knots) {
    float[] inputs = new float[steps.size() * form.inputWidth()];
    for (int i = 0; i < steps.size(); i++) {
      form.input(steps.get(i).observation(), knots.get(i), inputs, i * form.inputWidth());
    }
    return dynamics.of(inputs);
  }

  /** How probably the episode succeeds after such changes, [step]. */
  double[] success(List<Step> steps, float[] changes) {
    float[] outlooks = new float[changes.length];
    for (int i = 0; i < steps.size(); i++) {
      int at = i * form.frameWidth();
      form.outlook(steps.get(i).observation(), changes, at, outlooks, at);
    }
    float[] logits = value.of(outlooks);
    double[] probabilities = new double[steps.size()];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = 1 / (1 + StrictMath.exp(logits[2 * i] - logits[2 * i + 1]));
    }
    return probabilities;
  }

  @Override
  public void close() {
    dynamics.close();
    value.close();
  }
}
