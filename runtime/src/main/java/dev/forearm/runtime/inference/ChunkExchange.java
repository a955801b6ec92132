package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.PolicySpec;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands chunks from one writer to one reader; the newest wins. Three chunks go round: the writer
 * owns one, the reader owns one, and the third waits in the middle. Publishing and polling are one
 * atomic swap each; neither side ever waits, copies or allocates.
 *
 * <pre>
 *   writer: back --publish--&gt; middle (fresh) --poll--&gt; front: reader
 * </pre>
 */
final class ChunkExchange implements ChunkSource {
  private static final int FRESH = 4; // set on the middle index until the reader took it

  private final ActionChunk[] chunks = new ActionChunk[3];
  private final AtomicInteger middle = new AtomicInteger(1);
  private int back = 0; // writer's
  private int front = 2; // reader's

  ChunkExchange(PolicySpec spec) {
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new ActionChunk(spec);
    }
  }

  /** The writer's chunk, to be filled before {@link #publish}. */
  ActionChunk back() {
    return chunks[back];
  }

  /** Makes the writer's chunk the newest. An older one that nobody took is dropped. */
  void publish() {
    back = middle.getAndSet(back | FRESH) & ~FRESH;
  }

  /** Drops what was published and not taken. The writer's, like {@link #publish}. */
  void forget() {
    back = middle.getAndSet(back) & ~FRESH;
  }

  @Override
  public @Nullable ActionChunk poll() {
    if ((middle.get() & FRESH) == 0) {
      return null;
    }
    front = middle.getAndSet(front) & ~FRESH;
    return chunks[front];
  }
}
