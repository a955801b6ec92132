package dev.forearm.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeLabels.Stage;
import dev.forearm.viewer.replay.Marks;
import dev.forearm.viewer.replay.Playback;
import imgui.flag.ImGuiKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayKeysTest {
  private static final long SECOND = 1_000_000_000;

  private final SimulatedClock clock = new SimulatedClock();
  private final Playback playback =
      new Playback(0, 20 * SECOND, new TreeSet<>(List.of(SECOND, 2 * SECOND)), clock);

  @TempDir private Path folder;
  private ReplayKeys keys;

  @BeforeEach
  void open() {
    keys = new ReplayKeys(playback, new Marks(episode()));
  }

  private Path episode() {
    return folder.resolve("pour.mcap");
  }

  private void play(double seconds) {
    keys.press(ImGuiKey.Space);
    clock.advance(Math.round(seconds * SECOND));
    playback.turn();
    keys.press(ImGuiKey.Space);
  }

  @Test
  void anEpisodeIsLabelledByKeysWhileItPlays() {
    play(4.5);
    keys.press(ImGuiKey._1);
    play(6);
    keys.press(ImGuiKey._2);
    keys.press(ImGuiKey.S);
    assertEquals(
        Optional.of(
            new EpisodeLabels(Optional.of(true), List.of(new Stage(1, 3.5), new Stage(2, 9.5)))),
        EpisodeLabels.read(episode()));
    keys.press(ImGuiKey.F);
    assertEquals(Optional.of(false), EpisodeLabels.read(episode()).orElseThrow().success());
    keys.press(ImGuiKey.U);
    assertEquals(Optional.empty(), EpisodeLabels.read(episode()));
  }

  @Test
  void keysStepSkipAndChangeTheSpeed() {
    keys.press(ImGuiKey.RightArrow);
    assertEquals(SECOND, playback.nanos());
    keys.press(ImGuiKey.PageDown);
    assertEquals(6 * SECOND, playback.nanos());
    keys.press(ImGuiKey.LeftArrow);
    assertEquals(2 * SECOND, playback.nanos());
    keys.press(ImGuiKey.End);
    keys.press(ImGuiKey.PageUp);
    assertEquals(15 * SECOND, playback.nanos());
    keys.press(ImGuiKey.Home);
    assertEquals(0, playback.nanos());
    keys.press(ImGuiKey.UpArrow);
    assertEquals(2, playback.speed());
    keys.press(ImGuiKey.DownArrow);
    assertEquals(1, playback.speed());
  }

  @Test
  void otherKeysDoNothing() {
    keys.press(ImGuiKey.Q);
    assertEquals(0, playback.nanos());
    assertTrue(EpisodeLabels.read(episode()).isEmpty());
  }
}
