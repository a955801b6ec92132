package dev.forearm.launch.train;

import dev.forearm.models.train.LearningRate;
import dev.forearm.models.train.Optimizer;
import picocli.CommandLine.Option;

/** How weights move: the options of {@link TrainCommand} that make an optimizer and its rate. */
final class OptimizerOptions {
  enum Rule {
    SGD,
    ADAM,
    ADAMW
  }

  enum Schedule {
    CONSTANT,
    COSINE,
    LINEAR
  }

  @Option(
      names = "--optimizer",
      defaultValue = "adam",
      description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Rule rule;

  @Option(
      names = "--rate",
      defaultValue = "1e-3",
      description = "Learning rate, or its peak. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--schedule",
      defaultValue = "constant",
      description = {
        "How the rate goes over all steps: ${COMPLETION-CANDIDATES}; cosine and linear end at 0.",
        "Default: ${DEFAULT-VALUE}."
      })
  private Schedule schedule;

  @Option(
      names = "--warmup",
      paramLabel = "STEPS",
      defaultValue = "0",
      description = "Steps over which the rate rises first.")
  private long warmupSteps;

  @Option(
      names = "--momentum",
      defaultValue = "0.9",
      description = "Of sgd. Default: ${DEFAULT-VALUE}.")
  private double momentum;

  @Option(
      names = "--weight-decay",
      defaultValue = "0",
      description = "Decoupled for adamw, an L2 penalty otherwise.")
  private double weightDecay;

  Optimizer optimizer() {
    Optimizer.Adam adam = Optimizer.Adam.standard();
    return switch (rule) {
      case SGD -> new Optimizer.Sgd(momentum, false, weightDecay);
      case ADAM -> new Optimizer.Adam(adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay);
      case ADAMW -> new Optimizer.AdamW(adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay);
    };
  }

  LearningRate learningRate(long steps) {
    long rest = Math.max(1, steps - warmupSteps);
    LearningRate main =
        switch (schedule) {
          case CONSTANT -> new LearningRate.Constant(rate);
          case COSINE -> new LearningRate.Cosine(rate, 0, rest);
          case LINEAR -> new LearningRate.Linear(rate, 0, rest);
        };
    return warmupSteps > 0 ? new LearningRate.Warmup(warmupSteps, main) : main;
  }
}
