package dev.forearm.models.learn;

import dev.forearm.runtime.config.Section;
import java.util.Optional;

/**
 * Every part of the method, each of which can be switched off.
 *
 * @param worldModel how it is trained
 * @param actor how it is trained
 * @param imaginedShare of an actor's rows that show what its world model imagines, not what
 *     followed
 * @param demonstrationShare of every batch
 * @param experience what of own episodes is learned
 * @param relabelEvery of so many own steps, one is told what was demonstrated in such a situation;
 *     0: none
 * @param noise scale of the noise on observations, 1 is what the exporter calls so
 * @param copies of each sample, each with noise of its own
 * @param anchor weight of the world model's divergence from the one it begins with; 0: none
 * @param policyGradient how the actor learns from what its straying brought, in place of from
 *     samples
 * @param choice among several imaginations, if any
 */
public record LearnerSettings(
    HalfSettings worldModel,
    HalfSettings actor,
    double imaginedShare,
    double demonstrationShare,
    Experience experience,
    int relabelEvery,
    double noise,
    int copies,
    double anchor,
    Optional<PolicyGradientSettings> policyGradient,
    Optional<ChoiceSettings> choice) {
  public LearnerSettings {
    requireShare("imagined_share", imaginedShare);
    requireShare("demonstration_share", demonstrationShare);
    if (!(noise >= 0) || !(anchor >= 0) || relabelEvery < 0 || copies < 1) {
      throw new IllegalArgumentException(
          "noise %s, anchor %s, relabel_every %s, copies %s: wanted 0 or more, and copies 1 or more"
              .formatted(noise, anchor, relabelEvery, copies));
    }
  }

  /** What a file's root says of halves, data, policy gradient and choice. */
  public static LearnerSettings of(Section root) {
    Section data = root.section("data");
    return new LearnerSettings(
        HalfSettings.of(root.section("world_model")),
        HalfSettings.of(root.section("actor")),
        data.number("imagined_share"),
        data.number("demonstration_share"),
        new Experience(
            data.number("experience_horizon_s"),
            data.flag("aims"),
            data.optionalFlag("successes").orElse(false)),
        data.optionalInteger("relabel_every").orElse(0),
        data.number("noise"),
        data.integer("copies"),
        data.optionalNumber("anchor").orElse(0.0),
        root.optionalSection("policy_gradient").map(PolicyGradientSettings::of),
        root.optionalSection("choice").map(ChoiceSettings::of));
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("%s: found %s, wanted 0 to 1".formatted(name, share));
    }
  }
}
