package dev.forearm.sim.camera;

import dev.forearm.sim.ffi.MujocoData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The physics' state at one instant, on its way to a camera. Owned by one thread at a time. */
public final class SceneState {
  private final MemorySegment state;
  private long stampNanos;

  /**
   * @param like data of the scene whose states these are
   */
  public SceneState(MujocoData like) {
    state = like.newState(Arena.ofAuto());
  }

  /** Takes over the present state. */
  public void save(MujocoData data, long stampNanos) {
    data.save(state);
    this.stampNanos = stampNanos;
  }

  /** As {@link Camera#show} takes it. */
  MemorySegment state() {
    return state;
  }

  /** What images of it are stamped with. */
  public long stampNanos() {
    return stampNanos;
  }
}
