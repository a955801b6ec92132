package dev.forearm.models.shelf;

import dev.forearm.runtime.config.Section;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one step of a judgement found out about a version.
 *
 * @param check which step
 * @param verdict what follows from it
 * @param explanation in a sentence, for people
 * @param numbers what was measured, by name; finite
 */
public record Finding(
    Check check, Verdict verdict, String explanation, Map<String, Double> numbers) {

  /** The steps of a judgement, in order. */
  public enum Check {
    /** Files, signature, robot and probe. */
    BUNDLE,
    /** Whether the labels that it learned from have to do with the recordings. */
    LABELS,
    /** What it commands on logged observations. */
    ACTIONS,
    /** What a model that was learned from the logs says would follow. */
    CONSEQUENCES,
    /** Whether the incumbent repeats itself from the same starts. */
    REPEATABILITY,
    /** Episodes from starts that nobody learned from. */
    EVALUATION
  }

  /** What a step says. */
  public enum Verdict {
    PASSED,
    REFUSED,
    /** It was tried, and what was found does not decide. */
    CANNOT_TELL,
    /** There was nothing to try it with. */
    NOT_CHECKED
  }

  public Finding {
    numbers = Map.copyOf(numbers);
  }

  /** One with nothing measured. */
  public static Finding of(Check check, Verdict verdict, String explanation) {
    return new Finding(check, verdict, explanation, Map.of());
  }

  /** As a JSON object. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("check", check.name().toLowerCase(Locale.ROOT));
    json.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
    json.put("explanation", explanation);
    Map<String, Object> measured = new LinkedHashMap<>();
    numbers.keySet().stream().sorted().forEach(name -> measured.put(name, numbers.get(name)));
    json.put("numbers", measured);
    return json;
  }

  static Finding read(Section section) {
    Section measured = section.section("numbers");
    Map<String, Double> numbers = new LinkedHashMap<>();
    measured.keys().forEach(name -> numbers.put(name, measured.number(name)));
    return new Finding(
        Check.valueOf(section.text("check").toUpperCase(Locale.ROOT)),
        Verdict.valueOf(section.text("verdict").toUpperCase(Locale.ROOT)),
        section.text("explanation"),
        numbers);
  }
}
