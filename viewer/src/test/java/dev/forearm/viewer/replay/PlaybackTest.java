package dev.forearm.viewer.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.clock.SimulatedClock;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PlaybackTest {
  private static final long SECOND = 1_000_000_000;
  private static final long START = 1_700_000_000 * SECOND;
  private static final long END = START + 10 * SECOND;

  private final SimulatedClock clock = new SimulatedClock();
  private final TreeSet<Long> steps =
      new TreeSet<>(List.of(START + SECOND, START + 3 * SECOND, START + 4 * SECOND));
  private final Playback playback = new Playback(START, END, steps, clock);

  private void pass(double seconds) {
    clock.advance(Math.round(seconds * SECOND));
    playback.turn();
  }

  @Test
  void itStandsUntilItIsToldToPlay() {
    pass(2);
    assertEquals(START, playback.nanos());
    playback.toggle();
    pass(0.5);
    assertEquals(START + SECOND / 2, playback.nanos());
    playback.toggle();
    pass(3);
    assertEquals(START + SECOND / 2, playback.nanos());
  }

  @Test
  void itPlaysAtItsSpeed() {
    playback.faster();
    playback.faster();
    assertEquals(4, playback.speed());
    playback.toggle();
    pass(1);
    assertEquals(START + 4 * SECOND, playback.nanos());
    for (int i = 0; i < 5; i++) {
      playback.slower();
    }
    pass(1);
    assertEquals(START + 4 * SECOND + SECOND / 8, playback.nanos());
  }

  @Test
  void itStandsAtTheEndAndBeginsAnewFromThere() {
    playback.toggle();
    pass(60);
    assertEquals(END, playback.nanos());
    assertFalse(playback.plays());
    playback.toggle();
    assertEquals(START, playback.nanos());
    assertTrue(playback.plays());
  }

  @Test
  void seekingGoesThereWhetherItPlaysOrNot() {
    playback.seekSeconds(2.5);
    assertEquals(START + SECOND + 5 * SECOND / 2, playback.nanos(), "after the first observation");
    assertEquals(2.5, playback.seconds(), 1e-9);
    playback.toggle();
    playback.seekFraction(0.5);
    assertEquals(0.5, playback.fraction(), 1e-9);
    assertTrue(playback.plays());
    pass(1);
    assertEquals(START + 6 * SECOND, playback.nanos());
  }

  @Test
  void nothingLeavesTheEpisode() {
    playback.seekSeconds(-100);
    assertEquals(START, playback.nanos());
    assertEquals(-1, playback.seconds(), 1e-9);
    playback.skip(1e6);
    assertEquals(END, playback.nanos());
    assertEquals(9, playback.endSeconds(), 1e-9);
  }

  @Test
  void stepsGoFromOneObservationToTheNextAndStand() {
    playback.toggle();
    playback.step(true);
    assertFalse(playback.plays());
    assertEquals(START + SECOND, playback.nanos());
    playback.step(true);
    assertEquals(START + 3 * SECOND, playback.nanos());
    playback.seek(START + 7 * SECOND / 2);
    playback.step(false);
    assertEquals(START + 3 * SECOND, playback.nanos());
    playback.step(true);
    playback.step(true);
    assertEquals(END, playback.nanos(), "behind the last observation is the end");
  }

  @Test
  void anEpisodeWithoutAPolicyIsSteppedThroughByTime() {
    Playback bare = new Playback(START, END, new TreeSet<>(), clock);
    bare.step(true);
    assertEquals(0.05, bare.seconds(), 1e-9);
    bare.step(false);
    assertEquals(START, bare.nanos());
  }
}
