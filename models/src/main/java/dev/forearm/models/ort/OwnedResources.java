package dev.forearm.models.ort;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What an object owns, closed newest first. A constructor that takes native resources one by one
 * adds each here, so that whatever fails on the way gives back what was taken. One thread.
 */
public final class OwnedResources implements AutoCloseable {
  private final Deque<Runnable> newestFirst = new ArrayDeque<>();

  /** Takes over what {@code close} closes. */
  public void add(Runnable close) {
    newestFirst.push(close);
  }

  /** Closes each once, all of them even where one fails; that failure is thrown. */
  @Override
  public void close() {
    Runnable newest = newestFirst.poll();
    if (newest != null) {
      try {
        newest.run();
      } finally {
        close();
      }
    }
  }
}
