package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.sim.camera.Camera;
import dev.forearm.sim.camera.SceneState;
import dev.forearm.sim.scene.Tabletop;
import java.util.List;

/**
 * The cameras of a robot that is stepped in lockstep: drawn and published between two physics
 * steps, on the stepping thread, which makes, uses and closes this.
 */
final class LockstepCameras implements AutoCloseable {
  private final Tabletop scene;
  private final Camera camera;
  private final SceneState state;
  private final List<CameraView> views;

  /**
   * @throws dev.forearm.sim.SimFault if there is no EGL or no OpenGL, with the remedy
   */
  LockstepCameras(RosTransport transport, Tabletop scene) {
    this.scene = scene;
    camera = new Camera(scene.model(), false);
    state = new SceneState(scene.data());
    views = CameraView.all(transport, scene.model());
  }

  void publish(long stampNanos) {
    state.save(scene.data(), stampNanos);
    camera.show(state);
    views.forEach(view -> view.publish(camera, stampNanos));
  }

  @Override
  public void close() {
    views.forEach(CameraView::close);
    camera.close();
  }
}
