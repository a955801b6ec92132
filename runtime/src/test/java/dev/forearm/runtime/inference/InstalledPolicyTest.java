package dev.forearm.runtime.inference;

import static dev.forearm.runtime.ArmRig.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.FaultPlan.Fault;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A policy is replaced by one publication, while the arm runs. */
class InstalledPolicyTest {
  private final List<SafetyState> states = new ArrayList<>();
  private final ArmRig rig =
      new ArmRig(
          0.2,
          FaultPlan.none(),
          new RuntimeTap() {
            @Override
            public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
              states.add(state);
            }
          },
          20 * MS);

  /** Counts what is called, and sways. */
  private final class Counted implements Policy {
    private final SwayingPolicy swaying = new SwayingPolicy(rig.robot, 0.1, FaultPlan.none());
    int plans;
    int resets;

    @Override
    public PolicySpec spec() {
      return swaying.spec();
    }

    @Override
    public void reset() {
      resets++;
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      plans++;
      swaying.plan(observation, plan);
    }
  }

  @Test
  void theNextStepPlansWithWhatWasInstalledAndHandsTheOldOneBack() {
    InstalledPolicy before = rig.policy.active();
    Counted counted = new Counted();
    InstalledPolicy next = rig.install(counted, "next");
    run();
    rig.policy.install(next);
    assertSame(before, rig.policy.active(), "not before the next step");
    assertNull(rig.policy.pollReplaced());
    rig.runFor(50 * MS);
    assertSame(next, rig.policy.active());
    assertSame(before, rig.policy.pollReplaced());
    assertEquals(1, counted.plans);
    assertEquals(1, counted.resets, "it starts afresh");
    rig.runFor(1000 * MS);
    assertEquals(21, counted.plans);
    assertEquals(List.of(SafetyState.HOLD, SafetyState.RUN), states, "the arm ran all the while");
  }

  @Test
  void oneThatIsOvertakenBeforeItWasTakenIsHandedBackUncalled() {
    run();
    Counted never = new Counted();
    InstalledPolicy overtaken = rig.install(never, "overtaken");
    InstalledPolicy last = rig.install(new Counted(), "last");
    rig.policy.install(overtaken);
    rig.policy.install(last);
    assertSame(overtaken, rig.policy.pollReplaced());
    rig.runFor(100 * MS);
    assertSame(last, rig.policy.active());
    assertEquals(0, never.plans + never.resets);
  }

  @Test
  void oneThatComesBackDoesNotBringAnOldChunkWithIt() {
    InstalledPolicy first = rig.policy.active();
    rig.control.engage();
    rig.runFor(475 * MS); // a chunk was planned at 450 ms and published at 470 ms
    for (int swap = 0; swap < 6; swap++) {
      rig.policy.install(swap % 2 == 0 ? rig.install(new Counted(), "other") : first);
      rig.runFor(700 * MS); // longer than any chunk lasts
    }
    assertEquals(List.of(SafetyState.HOLD, SafetyState.RUN), states, "no stale chunk held the arm");
  }

  @Test
  void thousandSwapsKeepTheArmRunningAndHandEverythingBack() {
    run();
    InstalledPolicy a = rig.policy.active();
    InstalledPolicy b = rig.install(new Counted(), "b");
    for (int swap = 0; swap < 1000; swap++) {
      InstalledPolicy next = swap % 2 == 0 ? b : a;
      rig.policy.install(next);
      rig.runFor(50 * MS);
      assertSame(next, rig.policy.active());
      assertSame(next == a ? b : a, rig.policy.pollReplaced());
    }
    assertEquals(List.of(SafetyState.HOLD, SafetyState.RUN), states);
  }

  @Test
  void aPolicyOfAnotherRateIsRefused() {
    PolicySpec spec = rig.policy.active().policy().spec();
    PolicySpec slower =
        new PolicySpec(
            spec.observation(),
            spec.proprioception(),
            spec.imagined(),
            spec.frameSteps(),
            spec.joints(),
            spec.chunkSteps(),
            2 * spec.periodNanos());
    Policy slow =
        new Policy() {
          @Override
          public PolicySpec spec() {
            return slower;
          }

          @Override
          public void reset() {}

          @Override
          public void plan(Observation observation, Plan plan) {}
        };
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> rig.install(slow, "slow"));
    assertTrue(String.valueOf(fault).contains("100000000"), fault::toString);
  }

  @Test
  void aFailingPolicyCanBeReplacedByASoundOne() {
    ArmRig broken =
        new ArmRig(
            0.2, FaultPlan.one(Fault.POLICY_THROWS, 600 * MS, Long.MAX_VALUE), RuntimeTap.NONE, 0);
    broken.control.engage();
    broken.runFor(1000 * MS);
    assertEquals(SafetyReason.POLICY_FAILED, broken.control.board().snapshot().reason());
    SwayingPolicy sound = new SwayingPolicy(broken.robot, 0.1, FaultPlan.none());
    broken.policy.install(broken.install(sound, "sound"));
    broken.runFor(200 * MS);
    assertEquals(SafetyState.RUN, broken.control.board().snapshot().state());
  }

  private void run() {
    rig.control.engage();
    rig.runFor(500 * MS);
    assertEquals(SafetyState.RUN, rig.control.board().snapshot().state());
  }
}
