package dev.forearm.runtime.episode;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.report.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a person says of an episode whose task nobody judged, in {@code NAME.labels.json} beside
 * {@code NAME.mcap}, which stays as it is. Labels go before what the episode says.
 *
 * @param success whether the task was done; empty: as the episode says
 * @param stages in the order of their time; empty: as the episode says
 */
public record EpisodeLabels(Optional<Boolean> success, List<Stage> stages) {

  /**
   * A stage that was done.
   *
   * @param done stages done from then on, at least 1
   * @param seconds after the episode's first observation, at least 0
   */
  public record Stage(int done, double seconds) {
    public Stage {
      if (done < 1 || !(seconds >= 0) || Double.isInfinite(seconds)) {
        throw new IllegalArgumentException(
            "stage %s at %s s: wanted 1 or more, at 0 s or later".formatted(done, seconds));
      }
    }
  }

  /**
   * @throws IllegalArgumentException if a stage is not later and higher than the one before
   */
  public EpisodeLabels {
    stages = List.copyOf(stages);
    for (int i = 1; i < stages.size(); i++) {
      Stage before = stages.get(i - 1);
      Stage stage = stages.get(i);
      if (stage.done() <= before.done() || stage.seconds() <= before.seconds()) {
        throw new IllegalArgumentException(
            "labels: stage %s at %s s follows stage %s at %s s, wanted each later and higher"
                .formatted(stage.done(), stage.seconds(), before.done(), before.seconds()));
      }
    }
  }

  /** Where the labels of an episode lie. */
  public static Path file(Path episode) {
    String name = String.valueOf(episode.getFileName());
    int ending = name.lastIndexOf('.');
    return episode.resolveSibling((ending < 0 ? name : name.substring(0, ending)) + ".labels.json");
  }

  /**
   * The labels of an episode; empty if it has none.
   *
   * @throws RuntimeFault if the file is malformed
   */
  public static Optional<EpisodeLabels> read(Path episode) {
    Path file = file(episode);
    return Files.exists(file)
        ? Optional.of(ConfigFile.readJson(file, EpisodeLabels::parse))
        : Optional.empty();
  }

  private static EpisodeLabels parse(Section file) {
    return new EpisodeLabels(
        file.optionalFlag("success"),
        file.sections("stages").stream()
            .map(stage -> new Stage(stage.integer("done"), stage.number("seconds")))
            .toList());
  }

  /**
   * Puts the labels beside an episode, in place of others; whole or not at all.
   *
   * @throws RuntimeFault if they cannot be written
   */
  public void write(Path episode) {
    Map<String, Object> json = new LinkedHashMap<>();
    success.ifPresent(done -> json.put("success", done));
    List<Map<String, Object>> all = new ArrayList<>();
    for (Stage stage : stages) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("done", stage.done());
      one.put("seconds", stage.seconds());
      all.add(one);
    }
    json.put("stages", all);
    JsonFile.write(file(episode), json);
  }

  /**
   * What was said while an episode was recorded: the last word on success counts, and each stage
   * that is later and higher than those before; success is one stage more.
   *
   * @param said by time on the episode's clock
   * @param firstNanos when the first observation was made
   */
  public static EpisodeLabels of(NavigableMap<Long, SpokenLabel> said, long firstNanos) {
    Optional<Boolean> success = Optional.empty();
    List<Stage> stages = new ArrayList<>();
    for (Map.Entry<Long, SpokenLabel> each : said.entrySet()) {
      double seconds = Math.max(0, (each.getKey() - firstNanos) * 1e-9);
      Stage before = stages.isEmpty() ? null : stages.getLast();
      int highest = before == null ? 0 : before.done();
      boolean repeated = success.orElse(false);
      int done =
          switch (each.getValue()) {
            case SpokenLabel.Success _ -> repeated ? highest : highest + 1;
            case SpokenLabel.Failure _ -> highest;
            case SpokenLabel.Stage stage -> stage.done();
          };
      success =
          switch (each.getValue()) {
            case SpokenLabel.Success _ -> Optional.of(true);
            case SpokenLabel.Failure _ -> Optional.of(false);
            case SpokenLabel.Stage _ -> success;
          };
      if (done > highest && (before == null || seconds > before.seconds())) {
        stages.add(new Stage(done, seconds));
      }
    }
    return new EpisodeLabels(success, stages);
  }

  /** The episode with these labels where nothing judged it; where something did, as it is. */
  public RecordedPlans completing(RecordedPlans episode) {
    String result = episode.outcome().getOrDefault("result", "");
    boolean judged =
        !episode.stages().isEmpty()
            || Stream.of(EpisodeOutcome.Result.SUCCESS, EpisodeOutcome.Result.FAILURE)
                .anyMatch(known -> known.name().toLowerCase(Locale.ROOT).equals(result));
    return judged || (success.isEmpty() && stages.isEmpty()) ? episode : applied(episode);
  }

  /** The episode as the labels have it. */
  public RecordedPlans applied(RecordedPlans episode) {
    Map<String, String> outcome = new LinkedHashMap<>(episode.outcome());
    success.ifPresent(done -> {
      EpisodeOutcome.Result result =
          done ? EpisodeOutcome.Result.SUCCESS : EpisodeOutcome.Result.FAILURE;
      outcome.put("result", result.name().toLowerCase(Locale.ROOT));
      outcome.put("detail", "labelled by a person");
    });
    NavigableMap<Long, Integer> done = new TreeMap<>();
    long first = episode.observations().firstKey();
    stages.forEach(stage -> done.put(first + Math.round(stage.seconds() * 1e9), stage.done()));
    return new RecordedPlans(
        episode.source(),
        episode.info(),
        outcome,
        episode.observations(),
        episode.imaginations(),
        episode.chunks(),
        episode.drivers(),
        episode.commands(),
        stages.isEmpty() ? episode.stages() : done,
        episode.explorations());
  }
}
