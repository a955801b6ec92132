package dev.forearm.runtime.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.inference.RuntimeTap;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long SECOND = 1_000_000_000L;

  /** The compiler may allocate on this thread, once: the least of some rounds counts. */
  private static final int ROUNDS = 5;

  private final ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
  private final double[] state = new double[16];
  private long now;

  @Test
  void controlCycleAllocatesNothingAfterWarmUp() {
    rig.control.engage();
    rig.runFor(10 * SECOND);
    now = rig.clock.nanos();
    System.arraycopy(rig.arm, 0, state, 0, 8);
    tick(5000); // running, then holding on a stale chunk, then stopped

    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      rig.runFor(10 * SECOND);
      now = rig.clock.nanos();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      tick(5000);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  @Test
  void policyStepOfTheRuntimeAllocatesNothingAfterWarmUp() {
    rig.runFor(10 * SECOND);
    long policyNow = rig.clock.nanos();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        rig.policy.step(policyNow);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  private void tick(int cycles) {
    for (int i = 0; i < cycles; i++) {
      now += 2_000_000;
      rig.signals.jointState().write(state, 0, now, now);
      rig.control.tick(now);
    }
  }
}
