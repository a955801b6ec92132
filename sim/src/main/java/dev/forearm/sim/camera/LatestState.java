package dev.forearm.sim.camera;

import dev.forearm.sim.ffi.MujocoData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the newest physics state from one thread to another: three buffers, of which the writer
 * fills one, the reader holds one and the third, with the newest finished state, is swapped.
 * Neither side waits or allocates.
 */
public final class LatestState implements AutoCloseable {
  private static final int FRESH = 4; // bit set on the index of a state not yet taken
  private static final int INDEX = 3;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment[] states = new MemorySegment[3];
  private final long[] stamps = new long[3];
  private final AtomicInteger newest = new AtomicInteger(1);
  private int writing; // the writer's
  private int reading = 2; // the reader's

  /**
   * @param like data of the model whose states are handed over
   */
  public LatestState(MujocoData like) {
    for (int i = 0; i < states.length; i++) {
      states[i] = like.newState(arena);
    }
  }

  /** Writer: hands over the present state. */
  public void put(MujocoData data, long stampNanos) {
    data.save(states[writing]);
    stamps[writing] = stampNanos;
    writing = newest.getAndSet(writing | FRESH) & INDEX;
  }

  /** Reader: the newest state if there is one since the last call, valid until the next. */
  public @Nullable MemorySegment take() {
    if ((newest.get() & FRESH) == 0) {
      return null;
    }
    reading = newest.getAndSet(reading) & INDEX;
    return states[reading];
  }

  /** Reader: the stamp of the state last taken. */
  public long stampNanos() {
    return stamps[reading];
  }

  /** Once neither side uses it. */
  @Override
  public void close() {
    arena.close();
  }
}
