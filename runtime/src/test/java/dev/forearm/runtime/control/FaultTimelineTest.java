package dev.forearm.runtime.control;

import static dev.forearm.runtime.ArmRig.MS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.FaultPlan.Fault;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.safety.SafetyState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole bad day under a seeded fault plan: what must hold at every single cycle of it. */
class FaultTimelineTest {
  private static final long FAULTS_END = 20_000 * MS;
  private static final long JOINT_STATE_TIMEOUT = 40 * MS;
  private static final long LONGEST_BRAKING = 292 * MS;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void armNeverRunsBlindAndAlwaysRecovers(long seed) {
    FaultPlan plan = FaultPlan.random(seed, 14, FAULTS_END);
    ArmRig rig = new ArmRig(0.4, plan, RuntimeTap.NONE, 0);
    rig.control.engage();

    long blindSince = 0;
    long heldSince = Long.MAX_VALUE;
    double[] held = new double[8];
    SafetyState last = SafetyState.IDLE;
    boolean sawHold = false;
    for (long t = 0; t < FAULTS_END + 1000 * MS; t += 2 * MS) {
      rig.runFor(2 * MS);
      long now = rig.clock.nanos();
      ControlSnapshot snapshot = rig.control.board().snapshot();
      SafetyState state = snapshot.state();

      if (!plan.strikes(Fault.JOINT_STATE_LOST, now)) {
        blindSince = now;
      }
      if (now - blindSince > JOINT_STATE_TIMEOUT) {
        assertNotEquals(SafetyState.RUN, state, "runs blind at " + now);
      }

      boolean entered = state == SafetyState.HOLD && last != SafetyState.HOLD;
      if (entered || state != SafetyState.HOLD) {
        heldSince = state == SafetyState.HOLD ? now : Long.MAX_VALUE;
      }
      if (state == SafetyState.HOLD && now - heldSince == LONGEST_BRAKING) {
        held = snapshot.command();
        sawHold = true;
      }
      boolean startedOver = snapshot.reason().name().equals("CHUNK_AWAITED");
      if (startedOver) {
        heldSince = now;
      } else if (now - heldSince > LONGEST_BRAKING) {
        assertArrayEquals(held, snapshot.command(), "hold command moved at " + now);
      }
      last = state;
    }
    assertTrue(sawHold, "the plan was too kind to test anything");
    assertEquals(SafetyState.RUN, last);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void everyCommandOfTheDayKeepsEveryLimit(long seed) {
    FaultPlan plan = FaultPlan.random(seed, 14, FAULTS_END);
    LimitTap limits = new LimitTap();
    ArmRig rig = new ArmRig(0.4, plan, limits, 20 * MS);
    limits.watch(rig);
    rig.control.engage();
    rig.runFor(FAULTS_END + 1000 * MS);
    limits.requireKept();
    assertTrue(limits.commands > 2000);
    assertEquals(SafetyState.RUN, limits.state());
  }
}
