package dev.forearm.models.learn;

import dev.forearm.models.train.LearningRate;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.TrainingSettings;
import dev.forearm.runtime.config.Section;

/**
 * How one half is trained.
 *
 * @param learns false leaves it as it is
 * @param steps of one improvement
 * @param batch rows of a step
 * @param rate learning rate after warm-up; it falls along a cosine to a fiftieth
 * @param warmup steps
 * @param weightDecay of AdamW
 * @param average decay of the weights' moving average, which is what comes out
 */
public record HalfSettings(
    boolean learns,
    int steps,
    int batch,
    double rate,
    int warmup,
    double weightDecay,
    double average) {
  private static final double FLOOR = 0.02; // of the rate

  public HalfSettings {
    if (steps <= warmup || batch < 1 || warmup < 1) {
      throw new IllegalArgumentException(
          "steps %s, warmup %s, batch %s: wanted more steps than warmup, and 1 or more of each"
              .formatted(steps, warmup, batch));
    }
  }

  static HalfSettings of(Section section) {
    return new HalfSettings(
        section.flag("learns"),
        section.integer("steps"),
        section.integer("batch"),
        section.number("rate"),
        section.integer("warmup"),
        section.number("weight_decay"),
        section.number("average"));
  }

  TrainingSettings training(long seed) {
    LearningRate cosine = new LearningRate.Cosine(rate, FLOOR * rate, steps - warmup);
    return TrainingSettings.of(new Optimizer.AdamW(0.9, 0.999, 1e-8, weightDecay), rate, batch)
        .withLearningRate(new LearningRate.Warmup(warmup, cosine))
        .withAverageDecay(average)
        .withSeed(seed);
  }
}
