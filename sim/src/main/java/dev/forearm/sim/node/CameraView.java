package dev.forearm.sim.node;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.sim.camera.Camera;
import dev.forearm.sim.ffi.MujocoModel;
import java.util.List;

/** One of the scene's cameras with its topic; drawn by one thread. */
final class CameraView implements AutoCloseable {
  private static final int WIDTH = 96;
  private static final int HEIGHT = 96;

  private final int id;
  private final Publication publication;
  private final CdrWriter writer = new CdrWriter(3 * WIDTH * HEIGHT + 256);
  private final Image.Buffer image = new Image.Buffer();

  private CameraView(RosTransport transport, MujocoModel model, String name, String topic) {
    id = model.camera(name);
    publication = transport.advertise(topic, Image.TYPE, Qos.SENSOR_DATA);
    image.header.frameId.assign(name + "_camera");
    image.width = WIDTH;
    image.height = HEIGHT;
    image.encoding.assign("rgb8");
    image.step = 3 * WIDTH;
    image.data.resize(3 * WIDTH * HEIGHT);
  }

  /** All that the scene has. */
  static List<CameraView> all(RosTransport transport, MujocoModel model) {
    return List.of(
        new CameraView(transport, model, "scene", SimTopics.SCENE_IMAGE),
        new CameraView(transport, model, "wrist", SimTopics.WRIST_IMAGE));
  }

  /** Draws what {@code camera} shows and publishes it. */
  void publish(Camera camera, long stampNanos) {
    RosTime.set(image.header.stamp, stampNanos);
    camera.draw(id, WIDTH, HEIGHT, image.data.values());
    image.encode(writer);
    publication.publish(writer);
  }

  @Override
  public void close() {
    publication.close();
  }
}
