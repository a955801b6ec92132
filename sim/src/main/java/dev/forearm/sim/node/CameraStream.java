package dev.forearm.sim.node;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.camera.Camera;
import dev.forearm.sim.camera.LatestState;
import dev.forearm.sim.ffi.MujocoModel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
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
  private static final int WIDTH = 96;
  private static final int HEIGHT = 96;

  private final MujocoModel model;
  private final LatestState states;
  private final List<View> views = new ArrayList<>();
  private @Nullable Camera camera;
  private boolean blind;

  /** One camera with its topic. */
  private static final class View {
    final int id;
    final Publication publication;
    final CdrWriter writer = new CdrWriter(3 * WIDTH * HEIGHT + 256);
    final Image.Buffer image = new Image.Buffer();

    View(RosTransport transport, MujocoModel model, String name, String topic) {
      id = model.camera(name);
      publication = transport.advertise(topic, Image.TYPE, Qos.SENSOR_DATA);
      image.header.frameId.assign(name + "_camera");
      image.width = WIDTH;
      image.height = HEIGHT;
      image.encoding.assign("rgb8");
      image.step = 3 * WIDTH;
      image.data.resize(3 * WIDTH * HEIGHT);
    }

    void publish(Camera camera, long stampNanos) {
      RosTime.set(image.header.stamp, stampNanos);
      camera.draw(id, WIDTH, HEIGHT, image.data.values());
      image.encode(writer);
      publication.publish(writer);
    }
  }

  CameraStream(RosTransport transport, MujocoModel model, LatestState states) {
    this.model = model;
    this.states = states;
    views.add(new View(transport, model, "scene", SimTopics.SCENE_IMAGE));
    views.add(new View(transport, model, "wrist", SimTopics.WRIST_IMAGE));
  }

  @Override
  public String name() {
    return "sim cameras";
  }

  @Override
  public int doWork(long nowNanos) {
    MemorySegment state = states.take();
    if (blind || state == null) {
      return 0;
    }
    Camera open = camera;
    if (open == null) {
      open = open();
    }
    if (open != null) {
      open.show(state);
      for (View view : views) {
        view.publish(open, states.stampNanos());
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
    views.forEach(view -> view.publication.close());
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
