package dev.forearm.viewer;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.image.CompressedPicture;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.lang.foreign.MemorySegment;

/** Makes pictures of one image topic's messages, compressed or not. One thread's. */
final class CameraDecoder {
  private static final String COMPRESSED = "/compressed";

  private final boolean compressed;
  private final Image.Buffer message = new Image.Buffer();
  private final CdrReader reader = new CdrReader();
  private final CompressedPicture picture = new CompressedPicture();

  CameraDecoder(String topic) {
    compressed = topic.endsWith(COMPRESSED);
  }

  /** What the topic carries, by its name. */
  MessageType type() {
    return compressed ? CompressedImage.TYPE : Image.TYPE;
  }

  /**
   * Decodes a message.
   *
   * @throws RosFault if it is damaged or of an encoding that is not drawn
   */
  void decode(MemorySegment cdr, CameraImage to) {
    if (!compressed) {
      message.decode(reader, cdr);
      to.take(message);
      return;
    }
    try (picture) {
      picture.decode(cdr);
      to.take(picture.format(), picture.pixels());
    }
  }
}
