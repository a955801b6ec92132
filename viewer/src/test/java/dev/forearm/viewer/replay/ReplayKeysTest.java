package dev.forearm.viewer.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeLabels.Stage;
import dev.forearm.viewer.replay.ReplayKeys.Turn;
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
    keys.press("space");
    clock.advance(Math.round(seconds * SECOND));
    playback.turn();
    keys.press("space");
  }

  @Test
  void anEpisodeIsLabelledByKeysWhileItPlays() {
    play(4.5);
    keys.press("1");
    play(6);
    keys.press("2");
    keys.press("s");
    assertEquals(
        Optional.of(
            new EpisodeLabels(Optional.of(true), List.of(new Stage(1, 3.5), new Stage(2, 9.5)))),
        EpisodeLabels.read(episode()));
    keys.press("f");
    assertEquals(Optional.of(false), EpisodeLabels.read(episode()).orElseThrow().success());
    keys.press("u");
    assertEquals(Optional.empty(), EpisodeLabels.read(episode()));
  }

  @Test
  void keysStepSkipAndChangeTheSpeed() {
    keys.press("right");
    assertEquals(SECOND, playback.nanos());
    keys.press("page down");
    assertEquals(6 * SECOND, playback.nanos());
    keys.press("left");
    assertEquals(2 * SECOND, playback.nanos());
    keys.press("period");
    assertEquals(3 * SECOND, playback.nanos());
    keys.press("comma");
    assertEquals(2 * SECOND, playback.nanos());
    keys.press("end");
    keys.press("page up");
    assertEquals(15 * SECOND, playback.nanos());
    keys.press("home");
    assertEquals(0, playback.nanos());
    keys.press("up");
    assertEquals(2, playback.speed());
    keys.press("down");
    assertEquals(1, playback.speed());
  }

  @Test
  void aWordIsTakenBackOrAllThatWereSaid() {
    EpisodeLabels before = new EpisodeLabels(Optional.of(false), List.of());
    before.write(episode());
    open();
    play(4.5);
    keys.press("1");
    keys.press("s");
    keys.press("u");
    keys.press("z");
    assertEquals(
        Optional.of(new EpisodeLabels(Optional.of(true), List.of(new Stage(1, 3.5)))),
        EpisodeLabels.read(episode()));
    keys.press("z");
    assertEquals(Optional.of(false), EpisodeLabels.read(episode()).orElseThrow().success());
    assertEquals(Turn.END, keys.press("x"));
    assertEquals(Optional.of(before), EpisodeLabels.read(episode()));
    keys.press("z");
    assertEquals(Optional.of(before), EpisodeLabels.read(episode()), "nothing more to take back");
  }

  @Test
  void keysGoFromEpisodeToEpisodeAndNotBeyondThem() {
    assertEquals(1, keys.press("n").from(0, 2));
    assertEquals(1, keys.press("n").from(1, 2));
    assertEquals(0, keys.press("p").from(1, 2));
    assertEquals(0, keys.press("p").from(0, 2));
    assertEquals(Turn.END, keys.press("q"));
    assertEquals(Turn.STAY, keys.press("s"));
  }

  @Test
  void otherKeysDoNothing() {
    keys.press("w");
    assertEquals(0, playback.nanos());
    assertTrue(EpisodeLabels.read(episode()).isEmpty());
  }
}
