package dev.forearm.sim.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forearm.sim.SimFault;
import org.junit.jupiter.api.Test;

final class EglContextTest {
  @Test
  void withoutEglTheRemedyIsSaid() {
    SimFault fault = assertThrows(SimFault.class, () -> new EglContext("libNoSuchEGL.so.1"));
    assertEquals(
        "cameras: libNoSuchEGL.so.1 was not found; install Mesa's EGL (Debian, Ubuntu: apt install"
            + " libegl1 libgl1-mesa-dri)",
        fault.getMessage());
  }
}
