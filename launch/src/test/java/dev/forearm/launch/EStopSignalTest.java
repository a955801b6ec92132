package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EStopSignalTest {
  @Test
  void eachSignalIsHeardAndTheProcessGoesOn() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    assertTrue(EStopSignal.listen(twice::countDown));
    for (int signal = 2; signal > 0; signal--) {
      long before = twice.getCount();
      new ProcessBuilder("kill", "-USR1", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
      while (twice.getCount() == before) { // a signal is delivered when the system gets to it
        Thread.sleep(1);
      }
    }
    assertTrue(twice.await(0, TimeUnit.SECONDS));
  }
}
