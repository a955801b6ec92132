package dev.forearm.viewer;

import org.jspecify.annotations.Nullable;

/** One camera of the robot. Looked at by the viewer's thread. */
interface Camera {
  /** Its image topic. */
  String topic();

  /** The newest picture if there is one since the last call; the caller's until the next call. */
  @Nullable CameraImage poll();
}
