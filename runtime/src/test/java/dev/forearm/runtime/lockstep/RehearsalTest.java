package dev.forearm.runtime.lockstep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.inference.RuntimeTap;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void rehearsedLoopAllocatesNothingOnceItRuns() {
    ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
    Rehearsal.of(rig.robot);
    rig.control.engage();
    rig.runFor(1_000_000_000L);
    double[] state = new double[16];
    System.arraycopy(rig.arm, 0, state, 0, 8);
    long now = rig.clock.nanos();
    long least = Long.MAX_VALUE; // of some rounds: the compiler may allocate on this thread, once
    for (int round = 0; round < 3; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 1; i <= 200; i++) {
        now += 2_000_000;
        rig.signals.jointState().write(state, 0, now, now);
        rig.control.tick(now);
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }
}
