package dev.forearm.models.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommittedBundlesTest {
  private static final Path ROBOT = Path.of("../launch/src/main/resources/robots/tabletop.yaml");

  @ParameterizedTest
  @ValueSource(strings = {"lift-sft", "tidy-sft", "lift-pixels"})
  void aBundleThatComesWithForearmFitsItsRobotAndProvesItself(String name) {
    Robot robot = RobotFile.read(ROBOT);
    try (BundlePolicy policy = BundlePolicy.load(Path.of("bundles", name), robot)) {
      assertEquals(name, policy.bundle().manifest().name());
      Plan plan = new Plan(policy.spec());
      policy.plan(new Observation(policy.spec()), plan);
      assertTrue(Arrays.stream(plan.actions()).allMatch(Double::isFinite));
    }
  }
}
