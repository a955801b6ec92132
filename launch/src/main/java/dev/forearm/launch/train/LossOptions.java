package dev.forearm.launch.train;

import dev.forearm.models.grad.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What training makes small: the options of {@link TrainCommand} that make a {@link Loss}. */
final class LossOptions {
  /** In front of the name of an output that is the loss. */
  static final String OUTPUT = "output:";

  enum Name {
    MSE("mean-squared-error"),
    HUBER("smooth-l1"),
    GAUSSIAN_NLL("nll"),
    FLOW_MATCHING("flow"),
    CROSS_ENTROPY("ce"),
    KL_GAUSSIANS("kl"),
    KL_TO_STANDARD("kl-standard"),
    PPO("clipped-policy-ratio"),
    AWR("advantage-weighted-regression");

    private final String alias;

    Name(String alias) {
      this.alias = alias;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A loss of {@code train}, or an output of the graph that is one. */
  sealed interface Choice {
    record Named(Name name) implements Choice {}

    record Output(Loss.Output loss) implements Choice {}
  }

  /** Takes a name, or what it is called elsewhere, with dashes or underscores. */
  static final class ByName implements ITypeConverter<Choice> {
    @Override
    public Choice convert(String text) {
      if (text.startsWith(OUTPUT)) {
        return new Choice.Output(new Loss.Output(text.substring(OUTPUT.length())));
      }
      String wanted = text.toLowerCase(Locale.ROOT).replace('_', '-');
      for (Name name : Name.values()) {
        if (wanted.equals(name.toString()) || wanted.equals(name.alias)) {
          return new Choice.Named(name);
        }
      }
      throw new TypeConversionException(
          "found '%s', wanted one of %s, or output:NAME"
              .formatted(text, Arrays.toString(Name.values())));
    }
  }

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      defaultValue = "mse",
      converter = ByName.class,
      description = {
        "What to make small. Data it wants beside the graph's inputs, and outputs it looks at:",
        "  mse, huber       target, shaped as the 1st output",
        "  gaussian-nll     target; outputs mean, log_variance",
        "  flow-matching    target, where the path leads; the 1st output is the velocity",
        "  cross-entropy    target, int64 class labels; the 1st output has a value a class",
        "  kl-gaussians     outputs mean, log_variance, prior_mean, prior_log_variance; the prior",
        "                   may come from the data",
        "  kl-to-standard   none; outputs mean, log_variance",
        "  ppo              advantage, old_log_probability, and action where the graph gives the",
        "                   outputs mean, log_deviation and not log_probability",
        "  awr              advantage, and action likewise",
        "  output:NAME      none; the graph's output NAME is one number, the loss itself",
        "An output is found by its name or, else, its place. Default: ${DEFAULT-VALUE}."
      })
  private Choice choice;

  @Option(
      names = "--outputs",
      paramLabel = "NAME",
      split = ",",
      description = "Outputs for the loss to look at, in this order. Default: all.")
  private List<String> outputs = List.of();

  @Option(
      names = "--delta",
      defaultValue = "1",
      description = "Where huber turns from square to line. Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(
      names = "--point",
      paramLabel = "INPUT",
      defaultValue = "noisy",
      description = "Input that takes flow-matching's point. Default: ${DEFAULT-VALUE}.")
  private String point;

  @Option(
      names = "--time",
      paramLabel = "INPUT",
      defaultValue = "time",
      description = "Input that takes flow-matching's time. Default: ${DEFAULT-VALUE}.")
  private String time;

  @Option(
      names = "--from-target",
      description = {
        "Flow matching from the target at time 0 to the noise at time 1.",
        "Default: from the noise to the target."
      })
  private boolean fromTarget;

  @Option(
      names = "--ratio-clip",
      defaultValue = "0.2",
      description = "How far ppo's ratio may leave 1. Default: ${DEFAULT-VALUE}.")
  private double ratioClip;

  @Option(
      names = "--temperature",
      defaultValue = "1",
      description = "awr weighs by exp(advantage / temperature). Default: ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = "--weight-limit",
      defaultValue = "20",
      description = "Largest weight of awr. Default: ${DEFAULT-VALUE}.")
  private double weightLimit;

  Loss loss() {
    return switch (choice) {
      case Choice.Output(Loss.Output loss) -> loss;
      case Choice.Named(Name name) -> loss(name);
    };
  }

  private Loss loss(Name name) {
    return switch (name) {
      case MSE -> new Loss.MeanSquared();
      case HUBER -> new Loss.Huber(delta);
      case GAUSSIAN_NLL -> new Loss.GaussianNll();
      case FLOW_MATCHING -> new Loss.FlowMatching(point, time, fromTarget);
      case CROSS_ENTROPY -> new Loss.CrossEntropy();
      case KL_GAUSSIANS -> new Loss.KlGaussians();
      case KL_TO_STANDARD -> new Loss.KlToStandard();
      case PPO -> new Loss.ClippedPolicyRatio(ratioClip);
      case AWR -> new Loss.AdvantageWeighted(temperature, weightLimit);
    };
  }

  /** Outputs that the loss looks at; empty for all. */
  List<String> outputs() {
    return outputs;
  }

  String name() {
    return switch (choice) {
      case Choice.Output(Loss.Output loss) -> OUTPUT + loss.name();
      case Choice.Named(Name name) -> name.toString();
    };
  }
}
