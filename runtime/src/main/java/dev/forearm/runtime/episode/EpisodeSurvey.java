package dev.forearm.runtime.episode;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.mcap.McapReader;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a finished episode's file says of itself and when its messages came, without knowing what
 * they mean.
 *
 * @param info metadata record {@link EpisodeInfo#RECORD}; empty of files that others wrote
 * @param outcome metadata record {@link EpisodeOutcome#RECORD}
 * @param recovery metadata record {@link EpisodeRecovery#RECORD}; empty where nothing was lost
 * @param startNanos log time of the first message
 * @param endNanos log time of the last message
 * @param labels what a person said of it
 * @param topics by name, also those without a message; empty where only {@linkplain #heading the
 *     heading} was read
 */
public record EpisodeSurvey(
    Map<String, String> info,
    Map<String, String> outcome,
    Map<String, String> recovery,
    long startNanos,
    long endNanos,
    Optional<EpisodeLabels> labels,
    List<TopicTimes> topics) {
  private static final String DROPPED = "dropped";

  /**
   * Reads everything.
   *
   * @throws RuntimeFault if it is missing, unfinished or damaged, or its labels are malformed
   */
  public static EpisodeSurvey read(Path file) {
    try (McapReader reader = McapReader.open(file)) {
      Map<String, TopicTimes.Builder> topics = new LinkedHashMap<>();
      reader
          .channels()
          .forEach(channel ->
              topics.putIfAbsent(
                  channel.topic(),
                  new TopicTimes.Builder(channel.topic(), channel.schema().name())));
      reader.read((channel, _, logNanos, publishNanos, payload) -> {
        TopicTimes.Builder topic = topics.get(channel.topic());
        if (topic != null) {
          topic.add(logNanos, publishNanos, payload.remaining());
        }
      });
      return of(
          file,
          reader,
          topics.values().stream()
              .map(TopicTimes.Builder::build)
              .sorted(Comparator.comparing(TopicTimes::topic))
              .toList());
    }
  }

  /**
   * Reads what it says of itself only.
   *
   * @throws RuntimeFault as {@link #read}
   */
  public static EpisodeSurvey heading(Path file) {
    try (McapReader reader = McapReader.open(file)) {
      return of(file, reader, List.of());
    }
  }

  private static EpisodeSurvey of(Path file, McapReader reader, List<TopicTimes> topics) {
    return new EpisodeSurvey(
        reader.metadata(EpisodeInfo.RECORD),
        reader.metadata(EpisodeOutcome.RECORD),
        reader.metadata(EpisodeRecovery.RECORD),
        reader.startNanos(),
        reader.endNanos(),
        EpisodeLabels.read(file),
        topics);
  }

  /** From the first message to the last, s. */
  public double seconds() {
    return (endNanos - startNanos) * 1e-9;
  }

  /** How it ended, by the recorder: {@code success}, {@code timeout} ...; empty if unknown. */
  public String result() {
    return outcome.getOrDefault("result", "");
  }

  /** What a person said, in a word; empty if nobody did. */
  public String label() {
    return labels
        .map(said -> said.success().map(done -> done ? "success" : "failure").orElse("stages"))
        .orElse("");
  }

  /** Messages that were lost for want of room, as the recorder counted; of others' files 0. */
  public long dropped() {
    return Long.parseLong(outcome.getOrDefault(DROPPED, "0"));
  }

  /** The same by topic, in the recorder's order, for people. */
  public String droppedByTopic() {
    return outcome.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(DROPPED + ":"))
        .map(entry -> entry.getValue() + " on " + entry.getKey().substring(DROPPED.length() + 1))
        .collect(Collectors.joining(", "));
  }
}
