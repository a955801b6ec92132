package dev.forearm.models.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chunks of four steps of a shoulder, within 2 rad and 2 rad/s, and a finger. */
final class ActionBoundsTest {
  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(), List.of(), List.of(), List.of(), List.of("shoulder", "finger"), 4, 50_000_000);

  /** Chunks from several places; the shoulder goes on by some rad each step. */
  private static double[][] chunks(double from, double each) {
    double[][] chunks = new double[20][8];
    for (int row = 0; row < chunks.length; row++) {
      for (int step = 0; step < 4; step++) {
        chunks[row][2 * step] = from + 0.01 * row + each * step;
        chunks[row][2 * step + 1] = 0.02;
      }
    }
    return chunks;
  }

  private static Finding judge(double[][] candidate, double[][] incumbent) {
    return new ActionBounds(SmallBundle.robot(), SPEC).judge(candidate, incumbent);
  }

  @Test
  void aCandidateNearTheIncumbentPasses() {
    assertEquals(Verdict.PASSED, judge(chunks(0.01, 0.055), chunks(0, 0.05)).verdict());
  }

  @Test
  void oneThatTheRuntimeWouldRefuseIsNamedByJointAndNumber() {
    Finding found = judge(chunks(3.5, 0.05), new double[0][]);
    assertEquals(Verdict.REFUSED, found.verdict());
    assertTrue(
        found.explanation().startsWith("joint 'shoulder': 1.000 of its chunks"),
        found::explanation);
    assertFalse(found.explanation().contains("finger"), found::explanation);
  }

  @Test
  void oneThatIsFasterThanItsJointIsRefusedUnlessTheIncumbentIsSoToo() {
    double[][] fast = chunks(0, 0.11);
    Finding found = judge(fast, new double[0][]);
    assertTrue(found.explanation().contains("1.000 of its steps are faster"), found::explanation);
    assertEquals(Verdict.PASSED, judge(fast, fast).verdict());
  }

  @Test
  void oneThatGoesFartherTheOtherWayIsRefused() {
    Finding stays = judge(chunks(0, 0), chunks(0, 0.05));
    assertEquals(1, stays.numbers().getOrDefault("shoulder.change", 0.0), 1e-9);
    Finding back = judge(chunks(0, -0.06), chunks(0, 0.05));
    assertEquals(Verdict.REFUSED, back.verdict());
    assertTrue(
        back.explanation().contains("joint 'shoulder': 2.200 of the way"), back::explanation);
  }

  @Test
  void whatIsNoNumberIsRefused() {
    double[][] broken = chunks(0, 0.05);
    broken[3][2] = Double.NaN;
    assertEquals(Verdict.REFUSED, judge(broken, chunks(0, 0.05)).verdict());
  }
}
