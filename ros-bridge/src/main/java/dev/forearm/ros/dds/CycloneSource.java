package dev.forearm.ros.dds;

import dev.forearm.ros.dds.ffi.DdsWaitset;

/** Something that the receive thread takes from. */
interface CycloneSource {
  DdsWaitset.Attachable reader();

  /** Takes what has arrived. Receive thread. */
  void take();
}
