package dev.forearm.ros.rcl;

import dev.forearm.ros.rcl.ffi.RclWaitable;

/** Something that a wait set's thread takes from, and finalises once it is closed. */
interface RclSource {
  RclWaitable waitable();

  /** Takes what has arrived; the thread that waits. */
  void take();
}
