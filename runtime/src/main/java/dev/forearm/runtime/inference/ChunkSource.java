package dev.forearm.runtime.inference;

import org.jspecify.annotations.Nullable;

/** Where the control thread finds chunks. */
@FunctionalInterface
public interface ChunkSource {
  /**
   * Takes the newest chunk, if there is one that was not taken yet. Control thread; never waits.
   *
   * @return the caller's own until its next successful poll; null if nothing new was published
   */
  @Nullable ActionChunk poll();
}
