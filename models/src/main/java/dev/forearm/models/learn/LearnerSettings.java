package dev.forearm.models.learn;

import dev.forearm.runtime.config.Section;

/**
 * Every part of the method, each of which can be switched off.
 *
 * @param worldModel how it is trained
 * @param actor how it is trained
 * @param imaginedShare of an actor's rows that show what its world model imagines, not what
 *     followed
 * @param demonstrationShare of every batch
 * @param experience what of own episodes is learned
 * @param noise scale of the noise on observations, 1 is what the exporter calls so
 * @param copies of each sample, each with noise of its own
 */
public record LearnerSettings(
    HalfSettings worldModel,
    HalfSettings actor,
    double imaginedShare,
    double demonstrationShare,
    Experience experience,
    double noise,
    int copies) {
  public LearnerSettings {
    requireShare("imagined_share", imaginedShare);
    requireShare("demonstration_share", demonstrationShare);
    if (!(noise >= 0) || copies < 1) {
      throw new IllegalArgumentException(
          "noise %s, copies %s: wanted 0 or more, and 1 or more".formatted(noise, copies));
    }
  }

  /** What a file's root says under {@code world_model}, {@code actor} and {@code data}. */
  public static LearnerSettings of(Section root) {
    Section data = root.section("data");
    return new LearnerSettings(
        HalfSettings.of(root.section("world_model")),
        HalfSettings.of(root.section("actor")),
        data.number("imagined_share"),
        data.number("demonstration_share"),
        new Experience(data.number("experience_horizon_s"), data.flag("aims")),
        data.number("noise"),
        data.integer("copies"));
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("%s: found %s, wanted 0 to 1".formatted(name, share));
    }
  }
}
