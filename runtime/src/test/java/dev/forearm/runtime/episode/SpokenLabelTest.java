package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpokenLabelTest {
  private static final long SECOND = 1_000_000_000L;

  private static EpisodeLabels said(Object... timesAndWords) {
    NavigableMap<Long, SpokenLabel> said = new TreeMap<>();
    for (int i = 0; i < timesAndWords.length; i += 2) {
      said.put(
          10 * SECOND + (Integer) timesAndWords[i] * SECOND,
          SpokenLabel.parse((String) timesAndWords[i + 1]));
    }
    return EpisodeLabels.of(said, 10 * SECOND);
  }

  private static RecordedPlans episode(String result, NavigableMap<Long, Integer> stages) {
    return new RecordedPlans(
        "x",
        Map.of(),
        Map.of("result", result),
        new TreeMap<>(Map.of(10 * SECOND, new float[1])),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        stages);
  }

  @Test
  void stagesCountFromWhenTheyWereSaidAndSuccessIsOneMore() {
    EpisodeLabels labels = said(2, "stage 1", 5, "stage 2", 9, "success");
    assertEquals(Optional.of(true), labels.success());
    assertEquals(
        List.of(
            new EpisodeLabels.Stage(1, 2),
            new EpisodeLabels.Stage(2, 5),
            new EpisodeLabels.Stage(3, 9)),
        labels.stages());
  }

  @Test
  void theLastWordOnSuccessCountsAndNoStageIsTakenBack() {
    assertEquals(Optional.of(false), said(2, "success", 4, "failure").success());
    assertEquals(
        List.of(new EpisodeLabels.Stage(2, 2), new EpisodeLabels.Stage(3, 6)),
        said(2, "stage 2", 4, "stage 1", 6, "success", 7, "success").stages());
  }

  @Test
  void whatNobodyJudgedIsAsItWasSaidToBe() {
    RecordedPlans labelled = said(3, "success").completing(episode("unknown", new TreeMap<>()));
    assertTrue(labelled.succeeded());
    assertEquals(Map.of(13 * SECOND, 1), labelled.stages());
    RecordedPlans quiet = episode("unknown", new TreeMap<>());
    assertSame(quiet, said().completing(quiet));
  }

  @Test
  void whatATaskFunctionJudgedStays() {
    RecordedPlans failed = episode("failure", new TreeMap<>());
    assertSame(failed, said(3, "success").completing(failed));
    RecordedPlans staged = episode("timeout", new TreeMap<>(Map.of(10 * SECOND, 0)));
    assertSame(staged, said(3, "success").completing(staged));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Success!", "stage", "stage 0", "stage -1", "stage two", "stage 1 2"})
  void otherWordsAreRefused(String word) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> SpokenLabel.parse(word));
    assertTrue(String.valueOf(refusal.getMessage()).contains("stage N"));
  }
}
