package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.camera.Camera;
import dev.forearm.sim.camera.SceneState;
import dev.forearm.sim.ffi.MujocoModel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cameras' agent: draws the newest state it was handed, 30 times a second, and publishes the
 * images. Where there is no EGL it says so once and publishes nothing.
 */
final class CameraStream implements Agent, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CameraStream.class);
  static final long PERIOD_NANOS = 33_333_333;

  private final MujocoModel model;
  private final Latest<SceneState> states;
  private final List<CameraView> views;
  private @Nullable Camera camera;
  private boolean blind;

  CameraStream(RosTransport transport, MujocoModel model, Latest<SceneState> states) {
    this.model = model;
    this.states = states;
    views = CameraView.all(transport, model);
  }

  @Override
  public String name() {
    return "sim cameras";
  }

  @Override
  public int doWork(long nowNanos) {
    SceneState state = states.take();
    if (blind || state == null) {
      return 0;
    }
    Camera open = camera;
    if (open == null) {
      open = open();
    }
    if (open != null) {
      open.show(state);
      for (CameraView view : views) {
        view.publish(open, state.stampNanos());
      }
    }
    return 1;
  }

  /** Closes the OpenGL context on the thread that it belongs to. */
  @Override
  public void onClose() {
    if (camera != null) {
      camera.close();
    }
  }

  /** Ends the publications, after the agent's end. */
  @Override
  public void close() {
    views.forEach(CameraView::close);
  }

  private @Nullable Camera open() {
    try {
      camera = new Camera(model, false);
    } catch (SimFault fault) {
      blind = true;
      LOG.warn("{}; the simulator goes on without images", fault.getMessage());
    }
    return camera;
  }
}
