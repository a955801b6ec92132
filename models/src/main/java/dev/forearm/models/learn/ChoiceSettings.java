package dev.forearm.models.learn;

import dev.forearm.runtime.config.Section;

/**
 * How a policy comes to choose among several imaginations.
 *
 * @param imaginations it chooses among, the world model's own included
 * @param plans for which a choice holds
 * @param spread of departures: 1 is as far as what followed was from what had been imagined
 * @param members of the ensemble that scores them
 * @param disagreement weight of what they disagree by, against the least of what they say
 * @param steps of their training
 * @param discount of a policy step
 */
public record ChoiceSettings(
    int imaginations,
    int plans,
    double spread,
    int members,
    double disagreement,
    int steps,
    double discount) {
  public ChoiceSettings {
    if (imaginations < 2
        || plans < 1
        || !(spread > 0)
        || members < 2
        || !(disagreement >= 0)
        || steps < 1
        || !(discount > 0 && discount <= 1)) {
      throw new IllegalArgumentException(
          "choice: wanted 2 or more imaginations and members, a spread above 0 and a discount up to 1, found %s, %s, %s and %s"
              .formatted(imaginations, members, spread, discount));
    }
  }

  static ChoiceSettings of(Section section) {
    return new ChoiceSettings(
        section.integer("imaginations"),
        section.integer("plans"),
        section.number("spread"),
        section.integer("members"),
        section.number("disagreement"),
        section.integer("steps"),
        section.number("discount"));
  }
}
