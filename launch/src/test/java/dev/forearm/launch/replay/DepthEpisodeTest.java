package dev.forearm.launch.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.TabletopFile;
import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.Seeds;
import dev.forearm.launch.session.StepListener;
import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimTopics;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that sees depth, from the simulator's camera to its commands, and again from a file. */
final class DepthEpisodeTest {
  private static final Path BUNDLE = Path.of("src/test/resources/bundles/depth");
  private static final double PATIENCE_SECONDS = 2;

  @TempDir private Path folder;
  private final Set<Float> metres = new HashSet<>(); // that the policy saw
  private int steps;

  @Test
  void depthIsFedRecordedOnceAndReplayedBitForBit() {
    Robot robot = robot();
    EpisodeResult result = play(robot);
    assertTrue(steps > 20, steps + " policy steps");
    assertTrue(metres.size() > 20, "depth has its shades: " + metres.size());
    for (float seen : metres) {
      assertTrue(seen == 0 || (seen >= 0.05f && seen <= 0.5f), "as the bundle says: " + seen);
    }
    Path file = result.recording().orElseThrow().file();
    try (McapReader episode = McapReader.open(file)) {
      double pictures = episode.messageCount(SimTopics.WRIST_DEPTH);
      assertEquals(result.seconds() * 30, pictures, 5, "depth at 30 Hz");
      assertEquals(
          episode.messageCount("/forearm/observation"), episode.messageCount("/forearm/images"));
      Map<String, String> outcome = episode.metadata("forearm.outcome");
      assertTrue(
          outcome.keySet().stream().noneMatch(key -> key.startsWith("refused:")),
          outcome::toString);
    }
    try (Mind again = Mind.of(BUNDLE, robot)) {
      ReplayResult replayed = Replay.of(file, robot, again, _ -> Optional.empty(), 0);
      assertEquals(Optional.empty(), replayed.difference());
      assertTrue(replayed.commands() > 500 && replayed.chunks() > 20, replayed::toString);
    }
  }

  @Test
  void aRobotWithoutThatCameraIsRefusedByTheFeature() {
    ModelsFault fault =
        assertThrows(ModelsFault.class, () -> Mind.of(BUNDLE, House.robot("tabletop")));
    assertTrue(
        String.valueOf(fault.getMessage())
            .contains(
                "feature 'wrist_depth': the robot observes no '/wrist_camera/depth/image_raw', only []"),
        fault.getMessage());
  }

  private static Robot robot() {
    String images = "  images:";
    String depth = "  depth_images: [%s]\n".formatted(SimTopics.WRIST_DEPTH);
    return RobotFile.parse(TabletopFile.text().replace(images, depth + images), "deep.yaml");
  }

  private EpisodeResult play(Robot robot) {
    StepListener listener =
        (observation, _, _, _) -> {
          steps++;
          for (float seen :
              observation.images().getFirst().values().toArray(ValueLayout.JAVA_FLOAT)) {
            metres.add(seen);
          }
        };
    try (Mind seer = Mind.of(BUNDLE, robot);
        LockstepRun run =
            new LockstepRun(robot, seer, "lift", SimSettings.of(Gap.none()), Optional.of(folder))) {
      return run.play(new Seeds(5), new EpisodeHooks(PATIENCE_SECONDS, 0, listener));
    } catch (SimFault fault) {
      return Assumptions.abort(String.valueOf(fault.getMessage()));
    }
  }
}
