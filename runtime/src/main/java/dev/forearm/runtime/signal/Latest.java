package dev.forearm.runtime.signal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands values that are too large to copy from one writer to one reader; the newest wins. Three
 * values go round: the writer fills one, the reader holds one, and the third waits in the middle.
 * Publishing and taking are one atomic swap each; neither side ever waits, copies or allocates.
 *
 * <pre>
 *   writer: back --publish--&gt; middle (fresh) --take--&gt; front: reader
 * </pre>
 *
 * @param <T> mutable, owned by one side at a time
 */
public final class Latest<T> {
  private static final int FRESH = 4; // set on the middle index until the reader took it

  private final T first;
  private final T second;
  private final T third;
  private final AtomicInteger middle = new AtomicInteger(1);
  private int back = 0; // writer's
  private int front = 2; // reader's

  /**
   * @param maker called three times, here
   */
  public Latest(Supplier<T> maker) {
    first = maker.get();
    second = maker.get();
    third = maker.get();
  }

  /** The writer's own, to be filled before {@link #publish}. */
  public T back() {
    return at(back);
  }

  /** Makes the writer's value the newest. An older one that nobody took is dropped. */
  public void publish() {
    back = middle.getAndSet(back | FRESH) & ~FRESH;
  }

  /** Drops what was published and not taken. The writer's, like {@link #publish}. */
  public void forget() {
    back = middle.getAndSet(back) & ~FRESH;
  }

  /**
   * Takes the newest value, if there is one that was not taken yet.
   *
   * @return the reader's own until it takes the next; null if nothing new was published
   */
  public @Nullable T take() {
    if ((middle.get() & FRESH) == 0) {
      return null;
    }
    front = middle.getAndSet(front) & ~FRESH;
    return at(front);
  }

  private T at(int index) {
    return switch (index) {
      case 0 -> first;
      case 1 -> second;
      default -> third;
    };
  }
}
