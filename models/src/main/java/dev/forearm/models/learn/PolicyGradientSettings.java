package dev.forearm.models.learn;

import dev.forearm.runtime.config.Section;
import java.util.Arrays;
import java.util.Locale;

/**
 * How an actor learns by a policy gradient (PPO, <a
 * href="https://arxiv.org/abs/1707.06347">Schulman et al., 2017</a>).
 *
 * @param reward what pays
 * @param discount of a policy step
 * @param trace lambda of the advantage estimates: 0 trusts the critic, 1 what was paid
 * @param criticSteps of the critic's training, from nothing each time
 * @param clip how far a probability may go from what it was, relatively, and still pay
 * @param klStop mean divergence from the policy that played, nats a chunk, at which training stops
 * @param deviationMinRad least standard deviation of a joint's straying
 * @param deviationMaxRad greatest
 */
public record PolicyGradientSettings(
    Reward reward,
    double discount,
    double trace,
    int criticSteps,
    double clip,
    double klStop,
    double deviationMinRad,
    double deviationMaxRad) {
  /** What pays. */
  public enum Reward {
    /** What follows is as it was imagined: less the distance, in standard deviations, each plan. */
    RECONSTRUCTION,
    /** A new stage of the task: 1. */
    STAGES
  }

  public PolicyGradientSettings {
    if (!(discount > 0 && discount <= 1)
        || !(trace >= 0 && trace <= 1)
        || criticSteps < 1
        || !(clip > 0)
        || !(klStop > 0)
        || !(deviationMinRad > 0 && deviationMinRad <= deviationMaxRad)) {
      throw new IllegalArgumentException(
          "policy_gradient: wanted discount and trace up to 1, steps, clip and KL above 0 and an order of deviations, found %s, %s, %s, %s, %s, %s and %s"
              .formatted(
                  discount, trace, criticSteps, clip, klStop, deviationMinRad, deviationMaxRad));
    }
  }

  static PolicyGradientSettings of(Section section) {
    String name = section.text("reward");
    Reward reward =
        Arrays.stream(Reward.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
            .findFirst()
            .orElseThrow(() ->
                section.fault(
                    "reward", "found '%s', wanted reconstruction or stages".formatted(name)));
    return new PolicyGradientSettings(
        reward,
        section.number("discount"),
        section.number("trace"),
        section.integer("critic_steps"),
        section.number("clip"),
        section.number("kl_stop"),
        section.number("deviation_min_rad"),
        section.number("deviation_max_rad"));
  }
}
