package dev.forearm.viewer.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeLabels.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MarksTest {
  @TempDir private Path folder;

  private Path episode() {
    return folder.resolve("lift.mcap");
  }

  private List<Stage> stages() {
    return EpisodeLabels.read(episode()).orElseThrow().stages();
  }

  @Test
  void everyWordIsWrittenAtOnceAndFoundAgain() {
    new Marks(episode()).success(true);
    Marks again = new Marks(episode());
    again.stage(1, 2.5);
    assertEquals(
        new EpisodeLabels(Optional.of(true), List.of(new Stage(1, 2.5))),
        EpisodeLabels.read(episode()).orElseThrow());
    again.success(false);
    assertEquals(Optional.of(false), EpisodeLabels.read(episode()).orElseThrow().success());
    assertEquals(List.of(new Stage(1, 2.5)), stages(), "stages stay");
  }

  @Test
  void aStageThatIsSaidAgainMovesAndWhatContradictsItGoes() {
    Marks marks = new Marks(episode());
    marks.stage(1, 1);
    marks.stage(2, 2);
    marks.stage(3, 3);
    marks.stage(2, 2.5);
    assertEquals(List.of(new Stage(1, 1), new Stage(2, 2.5), new Stage(3, 3)), stages());
    marks.stage(1, 4);
    assertEquals(List.of(new Stage(1, 4)), stages(), "2 and 3 cannot be done before 1");
    marks.stage(2, -0.3);
    assertEquals(List.of(new Stage(2, 0)), stages(), "before the first observation is with it");
  }

  @Test
  void whatIsClearedLeavesNothingBehind() {
    Marks marks = new Marks(episode());
    marks.clear();
    marks.success(true);
    marks.clear();
    assertEquals(Optional.empty(), marks.labels());
    assertFalse(Files.exists(EpisodeLabels.file(episode())));
  }
}
