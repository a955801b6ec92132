package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.realtime.RealTimeRunner;
import dev.forearm.runtime.realtime.Urgency;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.camera.Camera;
import dev.forearm.sim.camera.SceneState;
import dev.forearm.sim.ffi.MujocoModel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cameras' thread: draws the newest state it was handed, 30 times a second, and publishes the
 * images. Where there is no EGL it says so once and publishes nothing.
 */
final class CameraStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CameraStream.class);
  private static final long PERIOD_NANOS = 33_333_333;
  private static final int CLOSE_SECONDS = 2;

  private final MujocoModel model;
  private final Latest<SceneState> states;
  private final List<CameraView> views;
  private final RealTimeRunner runner;
  private @Nullable Camera camera; // the camera thread's own
  private volatile boolean blind;
  private volatile boolean closing;
  private final CountDownLatch closed = new CountDownLatch(1);

  CameraStream(RosTransport transport, MujocoModel model, Latest<SceneState> states) {
    this.model = model;
    this.states = states;
    views = CameraView.all(transport, model);
    runner = RealTimeRunner.start("sim cameras", PERIOD_NANOS, Urgency.ORDINARY, _ -> drawNewest());
  }

  /** Lets the thread close its OpenGL context and end. */
  @Override
  public void close() {
    closing = true;
    try {
      if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the camera thread did not close its OpenGL context in {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    runner.close();
    views.forEach(CameraView::close);
  }

  private void drawNewest() {
    if (closing) {
      closeHere();
      return;
    }
    SceneState state = states.take();
    if (blind || state == null) {
      return;
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
  }

  private void closeHere() {
    Camera open = camera;
    if (open != null) {
      camera = null;
      open.close();
    }
    closed.countDown();
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
