package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.dds.FreeDomain;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An arm is driven and shown by topics, whatever else of Forearm the ROS 2 around cannot carry. */
class TopicsAloneTest {
  private final Map<String, String> environment = Forearm.domain(FreeDomain.take());

  @TempDir private Path folder;

  @Test
  void aRunWithoutServicesAndForearmsOwnMessagesMovesTheArmAndSaysWhatIsNotOffered()
      throws Exception {
    try (Forearm sim =
            Forearm.start(folder, environment, "sim", "--no-cameras", "--transport=rcljava");
        Forearm run =
            Forearm.start(
                folder,
                environment,
                "run",
                "--robot=tabletop",
                "--bundle=expert",
                "--out=episodes",
                "--transport=rcljava")) {
      run.await("an arm that moves", () -> run.output().contains("RUN: nothing is wrong"));
      run.handle().destroy();
      assertEquals(0, run.exitCode(), run::output);
      for (String own :
          new String[] {
            "record_episode", "label_episode", "run_task", "change_state", "PolicyStatus"
          }) {
        assertTrue(
            run.output()
                .lines()
                .anyMatch(line -> line.contains("not offered") && line.contains(own)),
            () -> own + " in\n" + run.output());
      }
      assertTrue(sim.handle().isAlive(), sim::output);
    }
  }
}
