package dev.forearm.runtime.lockstep;

import static dev.forearm.runtime.ArmRig.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.safety.SafetyState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockstepTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void sameSeedSendsTheSameCommandsBitForBit(long seed) {
    assertEquals(traceOf(seed, 0), traceOf(seed, 0));
  }

  @Test
  void anotherSeedSendsOthers() {
    assertNotEquals(traceOf(1, 0), traceOf(2, 0));
  }

  @Test
  void modelledInferenceTimeChangesTheRunButNotItsReproducibility() {
    assertNotEquals(traceOf(1, 0), traceOf(1, 30 * MS));
    assertEquals(traceOf(1, 30 * MS), traceOf(1, 30 * MS));
  }

  @Test
  void controlRunsEveryTwoMillisecondsAndThePolicyEveryFifty() {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
    rig.runFor(1000 * MS);
    assertEquals(500, rig.control.board().snapshot().cycle());
    assertEquals(20, rig.control.board().snapshot().chunkSequence());
  }

  @Test
  void modelledInferenceTimeDelaysTheChunk() {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 30 * MS);
    rig.runFor(78 * MS);
    assertEquals(0, rig.control.board().snapshot().chunkSequence());
    rig.runFor(2 * MS);
    assertEquals(1, rig.control.board().snapshot().chunkSequence());
  }

  @Test
  void whileAPlanIsMadeNoOtherIsBegun() {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 120 * MS);
    rig.runFor(1000 * MS);
    // Planned at 50, 200 (published at 170), 350, 500, 650, 800; that of 800 came at 920.
    assertEquals(6, rig.control.board().snapshot().chunkSequence());
  }

  @ParameterizedTest(name = "{0} ms")
  @ValueSource(longs = {600, 100_000})
  void chunksThatComeTooLateOrNeverHoldTheArmAndThenStopIt(long inferenceMillis) {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, inferenceMillis * MS);
    rig.control.engage();
    rig.runFor(1500 * MS);
    assertEquals(SafetyState.HOLD, rig.control.board().snapshot().state());
    rig.runFor(2000 * MS);
    assertEquals(SafetyState.STOPPED, rig.control.board().snapshot().state());
  }

  @Test
  void runUntilSaysWhetherItGotThere() {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
    assertTrue(rig.lockstep.runUntil(() -> rig.clock.nanos() >= 10 * MS, 20 * MS));
    assertFalse(rig.lockstep.runUntil(() -> false, 20 * MS));
    assertEquals(30 * MS, rig.lockstep.nanos());
  }

  @Test
  void stepThatDoesNotDivideThePeriodsIsRefused() {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Lockstep(
                rig.clock, rig.robot, _ -> {}, rig.policy, rig.control, () -> {}, 1_500_000L, 0));
  }

  private static String traceOf(long seed, long inferenceNanos) {
    FaultPlan plan = FaultPlan.random(seed, 4, 4000 * MS);
    ArmRig rig = new ArmRig(0.3, plan, RuntimeTap.NONE, inferenceNanos);
    rig.control.engage();
    rig.runFor(5000 * MS);
    assertTrue(rig.trace.commands() > 500);
    return rig.trace.sha256();
  }
}
