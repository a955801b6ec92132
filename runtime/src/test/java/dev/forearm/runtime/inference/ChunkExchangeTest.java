package dev.forearm.runtime.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChunkExchangeTest {
  private final PolicySpec spec = SwayingPolicy.specFor(TabletopRobot.read());
  private final ChunkExchange exchange = new ChunkExchange(spec);

  @Test
  void nothingIsThereBeforeTheFirstChunk() {
    assertNull(exchange.poll());
  }

  @Test
  void newestWinsAndIsTakenOnce() {
    publish(1);
    publish(2);
    publish(3);
    ActionChunk taken = exchange.poll();
    assertEquals(3, taken == null ? -1 : taken.sequence());
    assertNull(exchange.poll());
  }

  @Test
  void takenChunkStaysWholeWhileTheWriterGoesOn() {
    publish(1);
    ActionChunk taken = exchange.poll();
    for (int i = 2; i < 10; i++) {
      publish(i);
    }
    assertEquals(1, taken == null ? -1 : taken.sequence());
    assertEquals(1.0, taken == null ? -1 : taken.actions()[0]);
  }

  @Test
  void readerUnderContentionSeesWholeChunksInOrderAndTheLastOne() throws InterruptedException {
    int chunks = 200_000;
    Thread writer =
        new Thread(() -> {
          for (int i = 1; i <= chunks; i++) {
            publish(i);
          }
        });
    writer.start();
    long last = 0;
    while (last < chunks) {
      ActionChunk chunk = exchange.poll();
      if (chunk == null) {
        Thread.onSpinWait();
        continue;
      }
      assertTrue(chunk.sequence() > last, "went back");
      last = chunk.sequence();
      for (double action : chunk.actions()) {
        assertEquals((double) last, action);
      }
      assertEquals(last, chunk.observedNanos());
    }
    writer.join();
  }

  private void publish(int sequence) {
    double[] actions = new double[spec.chunkSteps() * spec.joints().size()];
    Arrays.fill(actions, sequence);
    exchange.back().accept(actions, spec.chunkSteps(), sequence, sequence, sequence);
    exchange.publish();
  }
}
