package dev.forearm.runtime.episode;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How an episode ended. Written into its file as the MCAP metadata record {@code forearm.outcome},
 * together with the drop counts.
 *
 * @param result how it ended
 * @param detail one line for people, may be empty
 * @param values anything else by key, for example {@code stages: 2}
 */
public record EpisodeOutcome(Result result, String detail, Map<String, String> values) {
  /** Name of the metadata record. */
  public static final String RECORD = "forearm.outcome";

  /** How an episode can end. */
  public enum Result {
    SUCCESS,
    FAILURE,
    TIMEOUT,
    /** Ended early, since it got no further. */
    GAVE_UP,
    ABORTED,
    /** The recorder died or its disk filled up; nobody knows how the task ended. */
    UNKNOWN
  }

  public EpisodeOutcome {
    values = Map.copyOf(values);
  }

  public static EpisodeOutcome of(Result result, String detail) {
    return new EpisodeOutcome(result, detail, Map.of());
  }

  /** The same, with more values. */
  public EpisodeOutcome with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(more);
    return new EpisodeOutcome(result, detail, all);
  }

  Map<String, String> toMetadata() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("result", result.name().toLowerCase(Locale.ROOT));
    all.put("detail", detail);
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> all.put(e.getKey(), e.getValue()));
    return all;
  }
}
