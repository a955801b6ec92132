package dev.forearm.launch.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.session.Mind;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkBenchTest {
  private final Robot robot = House.robot("tabletop");
  private final ChunkBench bench = new ChunkBench(robot, 2, 5);

  @ParameterizedTest(name = "delay {0}")
  @ValueSource(strings = {"100", "300", "jitter"})
  void slowChunksTakeOverMoreSmoothlyThanBySwitching(String delay) {
    try (Mind mind = Mind.named("../models/bundles/lift-sft", robot, Task.LIFT)) {
      Map<String, Double> ours = bench.play(mind, delay, Follower.of(robot), "");
      Map<String, Double> naive =
          bench.play(mind, delay, new NaiveFollower(robot.jointCount()), "");
      assertEquals(1, value(ours, "success_rate"));
      assertTrue(value(ours, "seams") > 10);
      for (String what :
          new String[] {
            "seam_position_mean_mrad",
            "seam_velocity_mean_mrad_s",
            "seam_acceleration_mean_rad_s2",
            "jerk_rms_rad_s3"
          }) {
        assertTrue(value(ours, what) < value(naive, what), () -> what + ours + naive);
      }
    }
  }

  private static double value(Map<String, Double> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }
}
