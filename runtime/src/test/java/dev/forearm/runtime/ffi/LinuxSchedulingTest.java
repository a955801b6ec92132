package dev.forearm.runtime.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemoryLayout.PathElement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxSchedulingTest {
  @BeforeEach
  void callsAreBound() {
    assertTrue(LinuxScheduling.available());
  }

  @Test
  void timespecIsTwoLongs() {
    assertEquals(16, LinuxScheduling.TIMESPEC.byteSize());
    assertEquals(0, LinuxScheduling.TIMESPEC.byteOffset(PathElement.groupElement("tv_sec")));
    assertEquals(8, LinuxScheduling.TIMESPEC.byteOffset(PathElement.groupElement("tv_nsec")));
  }

  @Test
  void schedParamIsOneInt() {
    assertEquals(4, LinuxScheduling.SCHED_PARAM.byteSize());
  }

  @Test
  void sleepEndsNoEarlierThanItsDeadlineOnTheJavaClock() {
    LinuxScheduling linux = new LinuxScheduling();
    for (int i = 0; i < 5; i++) {
      long deadline = System.nanoTime() + 2_000_000;
      linux.sleepUntil(deadline);
      assertTrue(System.nanoTime() >= deadline);
    }
  }

  @Test
  void deadlineInThePastDoesNotSleep() {
    new LinuxScheduling().sleepUntil(0); // would never return if it waited for nothing
  }

  @Test
  void threadCanAlwaysAskToBeWokenPromptly() {
    assertTrue(LinuxScheduling.wakePromptly());
  }
}
