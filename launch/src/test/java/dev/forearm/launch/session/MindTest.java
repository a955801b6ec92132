package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.launch.FoundServos;
import dev.forearm.launch.House;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.policy.AdaptedPolicy;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.ExploringPolicy;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicyAround;
import dev.forearm.runtime.policy.RegraspingPolicy;
import dev.forearm.runtime.policy.Retry;
import dev.forearm.runtime.policy.RetryingPolicy;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MindTest {
  private static final Robot ROBOT = House.robot("tabletop");

  private static List<Class<?>> layers(Mind mind) {
    List<Class<?>> layers = new ArrayList<>();
    Policy at = mind.policy();
    while (at instanceof PolicyAround around) {
      layers.add(around.getClass());
      at = around.inner();
    }
    layers.add(at.getClass());
    return layers;
  }

  @Test
  void whatIsAroundAPolicyHasOneOrderInWhicheverItWasAskedFor() {
    try (Mind mind =
        Mind.of(Path.of("..", "models", "bundles", "lift-sft"), ROBOT)
            .exploring(Exploration.turning(ROBOT, 0.01, 1))
            .retrying(Retry.after(3), ROBOT)
            .adapted(FoundServos.turned(ROBOT, 0.01), ROBOT)
            .regrasping(ROBOT)
            .retrying(Retry.after(5), ROBOT)
            .adapted(FoundServos.turned(ROBOT, 0.02), ROBOT)) {
      assertEquals(
          List.of(
              ExploringPolicy.class,
              RetryingPolicy.class,
              RegraspingPolicy.class,
              AdaptedPolicy.class,
              BundlePolicy.class),
          layers(mind));
      assertEquals("5.0", mind.notes().get(Mind.RETRY_SECONDS));
      assertEquals(FoundServos.turned(ROBOT, 0.02).text(), mind.notes().get(EpisodeInfo.ACTUATORS));
    }
  }
}
