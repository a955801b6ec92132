package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PolicySpecTest {
  private static final Feature JOINTS =
      new Feature("joint_position", new Source.JointPosition(), 2, "rad");
  private static final Feature CUBE =
      new Feature("cube", new Source.ObjectPosition("cube"), 3, "m");
  private static final PolicySpec SPEC = spec(List.of(JOINTS, CUBE), List.of("cube"), "b", 8);

  private static PolicySpec spec(
      List<Feature> observation, List<String> imagined, String lastJoint, int chunkSteps) {
    return new PolicySpec(
        observation,
        List.of("joint_position"),
        imagined,
        List.of(4, 8),
        List.of("a", lastJoint),
        chunkSteps,
        50_000_000);
  }

  @Test
  void theFirstFieldThatDiffersIsNamedWithWhatItIsHereAndThere() {
    assertEquals(Optional.empty(), SPEC.misfit(spec(SPEC.observation(), SPEC.imagined(), "b", 8)));
    Feature inch = new Feature("cube", CUBE.source(), 3, "in");
    assertEquals(
        Optional.of(
            "observation feature 1: found 'cube' from object_position:cube, 3 values in in, wanted 'cube' from object_position:cube, 3 values in m"),
        spec(List.of(JOINTS, inch), SPEC.imagined(), "b", 8).misfit(SPEC));
    assertEquals(
        Optional.of(
            "observation feature 1: found none, wanted 'cube' from object_position:cube, 3 values in m"),
        spec(List.of(JOINTS), List.of("joint_position"), "b", 8).misfit(SPEC));
    assertEquals(
        Optional.of("imagined features: found [joint_position], wanted [cube]"),
        spec(SPEC.observation(), List.of("joint_position"), "b", 8).misfit(SPEC));
    assertEquals(
        Optional.of("action joints: found [a, c], wanted [a, b]"),
        spec(SPEC.observation(), SPEC.imagined(), "c", 8).misfit(SPEC));
    assertEquals(
        Optional.of("chunk steps: found 9, wanted 8"),
        spec(SPEC.observation(), SPEC.imagined(), "b", 9).misfit(SPEC));
  }
}
