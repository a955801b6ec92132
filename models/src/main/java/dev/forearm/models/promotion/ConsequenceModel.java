package dev.forearm.models.promotion;

import dev.forearm.models.grad.Loss;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.promotion.LoggedSteps.Step;
import dev.forearm.models.value.Perceptron;
import java.util.ArrayList;
import java.util.List;

/**
 * An action-conditioned model that is learned from logs: what would be seen one horizon later if
 * this were commanded now, and how probably an episode succeeds from there. Two {@link Perceptron}s
 * in a row. Since all steps of an episode share its outcome, the second knows the episodes it
 * learned from too well; it is drawn back towards the base rate as far as a quarter of the
 * episodes, which it does not learn from, ask for. It is good for nothing until {@link Calibration}
 * says so, on yet others.
 */
final class ConsequenceModel implements AutoCloseable {
  private static final int DYNAMICS_STEPS = 3000;
  private static final int VALUE_STEPS = 300;
  private static final int EVERY = 4;

  private final LoggedSteps form;
  private final Perceptron dynamics;
  private final Perceptron value;
  private final double baseRate;
  private double trust = 1; // in the value's departures from the base rate

  private ConsequenceModel(
      LoggedSteps form, Perceptron dynamics, Perceptron value, double baseRate) {
    this.form = form;
    this.dynamics = dynamics;
    this.value = value;
    this.baseRate = baseRate;
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
    List<Episode> most = new ArrayList<>();
    List<Episode> rest = new ArrayList<>();
    for (int i = 0; i < episodes.size(); i++) {
      (i % EVERY == EVERY - 1 ? rest : most).add(episodes.get(i));
    }
    double successes = episodes.stream().filter(Episode::success).count();
    ConsequenceModel model =
        new ConsequenceModel(
            form,
            dynamics(form, episodes, seed),
            value(form, most, seed + 1),
            successes / episodes.size());
    model.trust = model.deserved(rest);
    return model;
  }

  private static Perceptron dynamics(LoggedSteps form, List<Episode> episodes, long seed) {
    List<Step> steps = episodes.stream().flatMap(episode -> episode.steps().stream()).toList();
    int width = form.frameWidth();
    return Perceptron.train(
        HostTensor.ofFloats(
            new long[] {steps.size(), form.inputWidth()},
            inputs(form, steps, steps.stream().map(Step::knots).toList())),
        HostTensor.ofFloats(new long[] {steps.size(), width}, realised(form, steps)),
        width,
        new Loss.MeanSquared(),
        DYNAMICS_STEPS,
        seed);
  }

  private static Perceptron value(LoggedSteps form, List<Episode> episodes, long seed) {
    List<Step> steps = episodes.stream().flatMap(episode -> episode.steps().stream()).toList();
    long[] labels =
        episodes.stream()
            .flatMapToLong(e -> e.steps().stream().mapToLong(_ -> e.success() ? 1 : 0))
            .toArray();
    return Perceptron.train(
        HostTensor.ofFloats(
            new long[] {steps.size(), form.frameWidth()},
            outlooks(form, steps, realised(form, steps))),
        HostTensor.ofLongs(new long[] {labels.length}, labels),
        2,
        new Loss.CrossEntropy(),
        VALUE_STEPS,
        seed);
  }

  /** By least squares: how much of its departures from the base rate came true, in [0, 1]. */
  private double deserved(List<Episode> episodes) {
    double together = 0;
    double own = 0;
    for (Episode episode : episodes) {
      float[] foreseen =
          changes(episode.steps(), episode.steps().stream().map(Step::knots).toList());
      for (double probability : success(episode.steps(), foreseen)) {
        double departure = probability - baseRate;
        together += departure * ((episode.success() ? 1 : 0) - baseRate);
        own += departure * departure;
      }
    }
    return own == 0 ? 0 : Math.clamp(together / own, 0, 1);
  }

  /** Share of the episodes it learned from that succeeded. */
  double baseRate() {
    return baseRate;
  }

  private static float[] inputs(LoggedSteps form, List<Step> steps, List<double[]> knots) {
    float[] inputs = new float[steps.size() * form.inputWidth()];
    for (int i = 0; i < steps.size(); i++) {
      form.input(steps.get(i).observation(), knots.get(i), inputs, i * form.inputWidth());
    }
    return inputs;
  }

  private static float[] realised(LoggedSteps form, List<Step> steps) {
    float[] changes = new float[steps.size() * form.frameWidth()];
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      form.change(step.observation(), step.frame(), changes, i * form.frameWidth());
    }
    return changes;
  }

  private static float[] outlooks(LoggedSteps form, List<Step> steps, float[] changes) {
    float[] outlooks = new float[changes.length];
    for (int i = 0; i < steps.size(); i++) {
      int at = i * form.frameWidth();
      form.outlook(steps.get(i).observation(), changes, at, outlooks, at);
    }
    return outlooks;
  }

  /**
   * What changes if at each observation the knots of the same place are commanded.
   *
   * @return [step][imagined feature], normalised
   */
  float[] changes(List<Step> steps, List<double[]> knots) {
    return dynamics.of(inputs(form, steps, knots));
  }

  /** How probably the episode succeeds after such changes, [step]. */
  double[] success(List<Step> steps, float[] changes) {
    float[] logits = value.of(outlooks(form, steps, changes));
    double[] probabilities = new double[steps.size()];
    for (int i = 0; i < probabilities.length; i++) {
      double p = 1 / (1 + StrictMath.exp(logits[2 * i] - logits[2 * i + 1]));
      probabilities[i] = baseRate + trust * (p - baseRate);
    }
    return probabilities;
  }

  @Override
  public void close() {
    dynamics.close();
    value.close();
  }
}
