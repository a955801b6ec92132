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

/** One of the scene's cameras with its topics, colours and depth; drawn by one thread. */
final class CameraView implements AutoCloseable {
  private static final int WIDTH = 96;
  private static final int HEIGHT = 96;

  private final int id;
  private final Stream colours;
  private final Stream depth;

  /** The pictures of one topic. */
  private static final class Stream {
    final Publication publication;
    final CdrWriter writer;
    final Image.Buffer image = new Image.Buffer();

    Stream(RosTransport transport, String topic, String frame, String encoding, int pixelBytes) {
      int bytes = pixelBytes * WIDTH * HEIGHT;
      publication = transport.advertise(topic, Image.TYPE, Qos.SENSOR_DATA);
      writer = new CdrWriter(bytes + 256);
      image.header.frameId.assign(frame);
      image.width = WIDTH;
      image.height = HEIGHT;
      image.encoding.assign(encoding);
      image.step = pixelBytes * WIDTH;
      image.data.resize(bytes);
    }

    void publish(long stampNanos) {
      RosTime.set(image.header.stamp, stampNanos);
      image.encode(writer);
      publication.publish(writer);
    }
  }

  private CameraView(
      RosTransport transport, MujocoModel model, String name, String topic, String depthTopic) {
    id = model.camera(name);
    String frame = name + "_camera";
    colours = new Stream(transport, topic, frame, "rgb8", 3);
    depth = new Stream(transport, depthTopic, frame, "16UC1", 2);
  }

  /** All that the scene has. */
  static List<CameraView> all(RosTransport transport, MujocoModel model) {
    return List.of(
        new CameraView(transport, model, "scene", SimTopics.SCENE_IMAGE, SimTopics.SCENE_DEPTH),
        new CameraView(transport, model, "wrist", SimTopics.WRIST_IMAGE, SimTopics.WRIST_DEPTH));
  }

  /** Draws what {@code camera} shows and publishes it. */
  void publish(Camera camera, long stampNanos) {
    camera.draw(id, WIDTH, HEIGHT, colours.image.data.values());
    colours.publish(stampNanos);
    if (depth.publication.subscribers() > 0) {
      camera.depth(WIDTH, HEIGHT, depth.image.data.values());
      depth.publish(stampNanos);
    }
  }

  @Override
  public void close() {
    colours.publication.close();
    depth.publication.close();
  }
}
