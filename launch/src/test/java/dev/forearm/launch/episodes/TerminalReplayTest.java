package dev.forearm.launch.episodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.InProcess;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.viewer.replay.ReplayKeys.Turn;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An episode of the expert's, as a line of text. */
final class TerminalReplayTest {
  private final SimulatedClock clock = new SimulatedClock();
  @TempDir private Path folder;

  @Test
  void theLineTellsTheMomentAndKeepsThePaceAskedFor() {
    assertEquals(
        "", InProcess.run("record", "--task=lift", "--episodes=1", "--seed=3", "--out=" + folder));
    Path file = EpisodeReader.files(folder).getFirst();
    TerminalReplay replay = new TerminalReplay(file, House.robot("tabletop"), clock, 2);
    double begun = seconds(replay);
    clock.advance(1_000_000_000);
    String line = replay.line();
    assertEquals(begun + 2, seconds(replay), 0.011, line);
    assertTrue(
        line.matches(
            "> [0-9.]+/[0-9.]+ s x2\\.0 \\[no label]  .+ [0-3]/[0-9]  gripper \\d+ %"
                + "  tool -?[0-9.]+ -?[0-9.]+ -?[0-9.]+  expert  RUN"),
        line);

    assertEquals(Turn.STAY, replay.press("space"));
    assertEquals(Turn.STAY, replay.press("1"));
    clock.advance(1_000_000_000);
    assertEquals(begun + 2, seconds(replay), 0.011);
    assertTrue(replay.line().startsWith("= "), replay.line());
    assertTrue(replay.line().contains("[1@"), replay.line());
    assertEquals(Turn.END, replay.press("q"));
  }

  private static double seconds(TerminalReplay replay) {
    String line = replay.line();
    return Double.parseDouble(line.substring(2, line.indexOf('/')));
  }
}
