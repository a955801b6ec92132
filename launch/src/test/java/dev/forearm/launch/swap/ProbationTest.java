package dev.forearm.launch.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProbationTest {
  private static final int SECOND = 20;

  private final Probation probation = new Probation(200, new Conduct(200, 4, 100, 200, 20), 0.2);

  private static Conduct conduct(long steps, long interventions, long edits) {
    return new Conduct(steps, interventions, edits, steps, 0);
  }

  @Test
  void whatTheOneBeforeDidAsWellIsNotHeldAgainstTheNewOne() {
    assertEquals(Optional.empty(), probation.against(conduct(199, 14, 600), 0.4, SECOND));
    assertFalse(probation.over(conduct(199, 0, 0)));
    assertTrue(probation.over(conduct(200, 0, 0)));
  }

  @Test
  void eachBoundIsToldWithWhatWasFoundAndWanted() {
    assertEquals(
        Optional.of(
            "foresight error 0.410 over a second, wanted at most 0.400: 2.0 times the worst second before"),
        probation.against(conduct(30, 0, 0), 0.41, SECOND));
    assertEquals(
        Optional.of(
            "15 refused plans and holds in 30 steps, wanted at most 14, since there were 4 in 200 steps before"),
        probation.against(conduct(30, 15, 0), 0, SECOND));
    assertEquals(
        Optional.of(
            "the safety filter edited 4.0 commands a policy step, wanted at most 3.5, since it was 0.5 before"),
        probation.against(conduct(30, 0, 120), 0, SECOND));
  }

  @Test
  void editsOfTheFirstSecondAreOfTheSeam() {
    assertEquals(Optional.empty(), probation.against(conduct(19, 0, 19 * 25), 0, SECOND));
  }

  @Test
  void foresightIsNotJudgedWhereTheOneBeforeShowedNone() {
    Probation unseen = new Probation(200, Conduct.NONE, Double.NaN);
    assertEquals(Optional.empty(), unseen.against(conduct(30, 10, 75), 9, SECOND));
    assertTrue(unseen.against(conduct(30, 11, 0), 0, SECOND).isPresent());
  }
}
