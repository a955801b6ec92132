package dev.forearm.runtime.lockstep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.safety.SafetyState;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final ArmRig rig = new ArmRig(0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
  private final ControlLoop control =
      new ControlLoop(
          rig.robot, rig.signals, rig.policy.chunks(), (positions, nanos) -> {}, RuntimeTap.NONE);
  private final double[] state = new double[16];
  private boolean tellsState = true;
  private boolean plans = true;
  private long bytes; // allocated by cycles

  @BeforeEach
  void rehearse() {
    Rehearsal.of(rig.robot);
    System.arraycopy(rig.arm, 0, state, 0, 8);
  }

  @Test
  void theFirstCyclesOfARehearsedLoopAllocateNothing() {
    control.engage();
    goOn(2000);
    assertEquals(SafetyState.RUN, control.board().snapshot().state());
    assertEquals(0, bytes);
  }

  @Test
  void theFirstMishapsOfARehearsedLoopAllocateNothing() {
    control.engage();
    goOn(200);
    control.disengage();
    want(SafetyState.IDLE);
    control.engage();
    want(SafetyState.RUN);
    plans = false;
    want(SafetyState.HOLD);
    want(SafetyState.STOPPED);
    plans = true;
    want(SafetyState.RUN);
    tellsState = false;
    want(SafetyState.STOPPED);
    tellsState = true;
    want(SafetyState.RUN);
    control.fail("somebody");
    want(SafetyState.FAULT);
    control.reset();
    want(SafetyState.IDLE);
    control.engage();
    want(SafetyState.RUN);
    control.eStop(true);
    want(SafetyState.FAULT);
    assertEquals(0, bytes);
  }

  private void want(SafetyState wanted) {
    for (int i = 0; i < 30; i++) {
      goOn(50);
      if (control.board().snapshot().state() == wanted) {
        return;
      }
    }
    throw new AssertionError("wanted " + wanted + ", it is " + control.board().snapshot());
  }

  private void goOn(int cycles) {
    for (int i = 0; i < cycles; i++) {
      rig.clock.advance(rig.robot.controlPeriodNanos());
      long now = rig.clock.nanos();
      if (tellsState) {
        rig.signals.jointState().write(state, 0, now, now);
        rig.signals.objects().forEach(object -> object.write(state, 0, now, now));
      }
      if (plans && now % rig.robot.policyPeriodNanos() == 0) {
        rig.policy.step(now);
      }
      long before = THREADS.getCurrentThreadAllocatedBytes();
      control.tick(now);
      bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    }
  }
}
