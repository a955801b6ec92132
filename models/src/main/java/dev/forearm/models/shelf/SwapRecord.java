package dev.forearm.models.shelf;

import dev.forearm.runtime.config.Section;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What became of a version that was to take over from another on a running robot.
 *
 * @param number counts the swaps of a shelf from 1
 * @param version that was to take over
 * @param before that drove until then; empty where nobody knows
 * @param outcome what became of it
 * @param reason for people; empty where it took over
 * @param policyStep first that the new one planned, or the old one again; 0 where nothing changed
 * @param millis from when it was asked for, complete on the disk, to that step or to the refusal
 * @param at when
 */
public record SwapRecord(
    long number,
    String version,
    String before,
    Outcome outcome,
    String reason,
    long policyStep,
    double millis,
    Instant at) {
  /** What becomes of a swap. */
  public enum Outcome {
    /** The new version drives. */
    ACTIVE,
    /** It did not come to drive. */
    REFUSED,
    /** It drove, and the one before drives again: by its own conduct, not by a person. */
    ROLLED_BACK,
    /** The runtime ended before it was done. */
    UNFINISHED;

    /** As it is written. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** In a sentence. */
  public String text() {
    return switch (outcome) {
      case ACTIVE ->
          String.format(
              Locale.ROOT,
              "%s drives since policy step %s, %.0f ms after it was asked for",
              version,
              policyStep,
              millis);
      case REFUSED -> "%s is refused, %s goes on: %s".formatted(version, before, reason);
      case ROLLED_BACK ->
          "%s is rolled back, %s drives again since policy step %s: %s"
              .formatted(version, before, policyStep, reason);
      case UNFINISHED ->
          "%s did not take over, %s is active: %s".formatted(version, before, reason);
    };
  }

  /** As a JSON object. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("number", number);
    json.put("version", version);
    json.put("before", before);
    json.put("outcome", outcome.label());
    json.put("reason", reason);
    json.put("policy_step", policyStep);
    json.put("ms", millis);
    json.put("at", at.toString());
    return json;
  }

  static SwapRecord read(Section section) {
    return new SwapRecord(
        (long) section.number("number"),
        section.text("version"),
        section.text("before"),
        Outcome.valueOf(section.text("outcome").toUpperCase(Locale.ROOT)),
        section.text("reason"),
        (long) section.number("policy_step"),
        section.number("ms"),
        Instant.parse(section.text("at")));
  }
}
