package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockstepRunTest {
  private static final Robot ROBOT = House.robot("tabletop");

  @TempDir private Path folder;

  private record Run(List<EpisodeResult> results, String trace) {}

  @Test
  void equalSeedsGiveEqualCommandsAndOthersDoNot() {
    Run first = lift(7, 2, Optional.empty());
    Run again = lift(7, 2, Optional.empty());
    Run other = lift(8, 2, Optional.empty());

    assertEquals(first, again);
    assertNotEquals(first.trace, other.trace);
  }

  @Test
  void recordingChangesNoCommand() {
    assertEquals(lift(7, 1, Optional.empty()).trace, lift(7, 1, Optional.of(folder)).trace);
  }

  @Test
  void theExpertLiftsAndItsEpisodesAreWhole() {
    Run run = lift(3, 2, Optional.of(folder));

    for (EpisodeResult result : run.results) {
      assertTrue(result.success(), result::toString);
      EpisodeReport recording = result.recording().orElseThrow();
      assertTrue(recording.complete(), recording::toString);
      assertTrue(recording.dropped().isEmpty(), recording::toString);
      try (McapReader episode = McapReader.open(recording.file())) {
        assertEquals(
            "success", episode.metadata("forearm.outcome").get("result"), recording::toString);
        double chunks = episode.messageCount("/forearm/chunk");
        assertEquals(result.seconds() * 20, chunks, 2, "chunks at 20 Hz");
        double commands = episode.messageCount("/arm_controller/commands");
        assertEquals(result.seconds() * 500, commands, 5, "commands at 500 Hz");
      }
    }
  }

  private static Run lift(long seed, int episodes, Optional<Path> recordTo) {
    try (Mind expert = Mind.expert(Task.LIFT, ROBOT);
        LockstepRun run =
            new LockstepRun(ROBOT, expert, "lift", SimSettings.of(Gap.none()), recordTo)) {
      List<EpisodeResult> results = run.play(episodes, seed, _ -> {});
      return new Run(results, run.traceSha256());
    }
  }
}
