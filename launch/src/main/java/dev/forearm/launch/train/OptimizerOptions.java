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
    LINEAR,
    DECAY
  }

  @Option(
      names = "--optimizer",
      defaultValue = "adam",
      description = "sgd, adam or adamw. Default: ${DEFAULT-VALUE}.")
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
        "How the rate goes over all steps: constant; cosine or linear, down to --rate-end; or",
        "decay, times --decay-factor every --decay-every steps. Default: ${DEFAULT-VALUE}."
      })
  private Schedule schedule;

  @Option(
      names = "--warmup",
      paramLabel = "STEPS",
      defaultValue = "0",
      description = "Steps over which the rate rises first.")
  private long warmupSteps;

  @Option(
      names = "--rate-end",
      defaultValue = "0",
      description = "Where cosine and linear end. Default: ${DEFAULT-VALUE}.")
  private double rateEnd;

  @Option(
      names = "--decay-factor",
      defaultValue = "0.5",
      description = "Of decay. Default: ${DEFAULT-VALUE}.")
  private double decayFactor;

  @Option(
      names = "--decay-every",
      paramLabel = "STEPS",
      defaultValue = "1000",
      description = "Of decay. Default: ${DEFAULT-VALUE}.")
  private long decayEvery;

  @Option(
      names = "--momentum",
      defaultValue = "0.9",
      description = "Of sgd. Default: ${DEFAULT-VALUE}.")
  private double momentum;

  @Option(names = "--nesterov", description = "Let sgd look ahead by one step.")
  private boolean nesterov;

  @Option(
      names = "--weight-decay",
      defaultValue = "0",
      description = "Decoupled for adamw, an L2 penalty otherwise. Default: ${DEFAULT-VALUE}.")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      defaultValue = "0",
      description = "Scale gradients that are longer down to this; 0 does not.")
  private double clip;

  @Option(
      names = "--average",
      paramLabel = "DECAY",
      defaultValue = "0",
      description = {
        "Keep an exponential moving average of the weights as well, such as 0.999, and write",
        "that with --out; 0 does not."
      })
  private double average;

  /** Longest gradient that is left as it is; 0 for any. */
  double clip() {
    return clip;
  }

  /** Decay of the averaged weights; 0 for none. */
  double average() {
    return average;
  }

  Optimizer optimizer() {
    Optimizer.Adam adam = Optimizer.Adam.standard();
    return switch (rule) {
      case SGD -> new Optimizer.Sgd(momentum, nesterov, weightDecay);
      case ADAM -> new Optimizer.Adam(adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay);
      case ADAMW -> new Optimizer.AdamW(adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay);
    };
  }

  LearningRate learningRate(long steps) {
    long rest = Math.max(1, steps - warmupSteps);
    LearningRate main =
        switch (schedule) {
          case CONSTANT -> new LearningRate.Constant(rate);
          case COSINE -> new LearningRate.Cosine(rate, rateEnd, rest);
          case LINEAR -> new LearningRate.Linear(rate, rateEnd, rest);
          case DECAY -> new LearningRate.Decay(rate, decayFactor, decayEvery);
        };
    return warmupSteps > 0 ? new LearningRate.Warmup(warmupSteps, main) : main;
  }
}
