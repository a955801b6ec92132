package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WorldActionPolicyTest {
  private static final PolicySpec SPEC =
      spec(new Source.JointPosition(), 1, List.of(1, 2), 50_000_000);

  @Test
  void theActorActsOnWhatTheWorldModelImagines() {
    WorldActionPolicy policy = new WorldActionPolicy(worldModel(SPEC), actor(SPEC));
    Plan plan = new Plan(policy.spec());
    Observation observation = new Observation(1);
    observation.values()[0] = 3;
    policy.plan(observation, plan);
    assertTrue(plan.imagines());
    assertEquals(5, plan.imagined()[1]);
    assertEquals(10, plan.actions()[0]);
    policy.confine(plan.actions());
    assertEquals(8, plan.actions()[0]);
  }

  @Test
  void halvesThatWereMadeForOtherFeaturesAreNotJoined() {
    refused("observation", spec(new Source.JointVelocity(), 1, List.of(1, 2), 50_000_000));
    refused("observation", spec(new Source.JointPosition(), 2, List.of(1, 2), 50_000_000));
    refused("frame steps", spec(new Source.JointPosition(), 1, List.of(1, 4), 50_000_000));
    refused("policy period", spec(new Source.JointPosition(), 1, List.of(1, 2), 20_000_000));
  }

  private static void refused(String what, PolicySpec other) {
    IllegalArgumentException fault =
        assertThrows(
            IllegalArgumentException.class,
            () -> new WorldActionPolicy(worldModel(other), actor(SPEC)));
    assertTrue(fault.toString().contains(what), fault::toString);
  }

  private static PolicySpec spec(
      Source source, int size, List<Integer> frameSteps, long periodNanos) {
    return new PolicySpec(
        List.of(new Feature("joint", source, size, "rad")),
        List.of("joint"),
        List.of("joint"),
        frameSteps,
        List.of("joint"),
        1,
        periodNanos);
  }

  /** Imagines a step of one unit a frame. */
  private static WorldModel worldModel(PolicySpec spec) {
    return new WorldModel() {
      @Override
      public PolicySpec spec() {
        return spec;
      }

      @Override
      public void imagine(Observation observation, float[] imagined) {
        for (int i = 0; i < imagined.length; i++) {
          imagined[i] = observation.values()[0] + i + 1;
        }
      }
    };
  }

  /** Goes twice as far as the last frame, if it may: no further than 8. */
  private static Actor actor(PolicySpec spec) {
    return new Actor() {
      @Override
      public PolicySpec spec() {
        return spec;
      }

      @Override
      public void act(float[] observation, float[] imagined, double[] actions) {
        actions[0] = 2 * imagined[imagined.length - 1];
      }

      @Override
      public void confine(double[] actions) {
        actions[0] = Math.min(actions[0], 8);
      }
    };
  }
}
