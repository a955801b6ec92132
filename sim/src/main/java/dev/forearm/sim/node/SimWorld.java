package dev.forearm.sim.node;

import dev.forearm.runtime.lockstep.Physics;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;

/** Something simulated on its topics, a millisecond a step; owned by the thread that steps it. */
public interface SimWorld extends Physics, AutoCloseable {
  /** The model, for cameras. */
  MujocoModel model();

  /** The state, for cameras. */
  MujocoData data();

  /** Publishers on the command topics right now: two are two commanders. */
  int commanders();

  @Override
  void close();
}
