package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SignalListenerTest {
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger second = new AtomicInteger();

  @Test
  void eachSignalIsHeardByTheNewestThatIsOpenAndTheProcessGoesOn() throws Exception {
    try (SignalListener _ = SignalListener.listen("CONT", first::incrementAndGet).orElseThrow()) {
      signal(first, 1);
      signal(first, 2);
      try (SignalListener _ =
          SignalListener.listen("CONT", second::incrementAndGet).orElseThrow()) {
        signal(second, 1);
      }
      signal(first, 3);
    }
    assertEquals(1, second.get());
  }

  /** A signal is delivered when the system gets to it. */
  private static void signal(AtomicInteger heard, int times) throws Exception {
    Forearm.signal(ProcessHandle.current(), "CONT");
    while (heard.get() < times) {
      Thread.sleep(1);
    }
    assertEquals(times, heard.get());
  }
}
