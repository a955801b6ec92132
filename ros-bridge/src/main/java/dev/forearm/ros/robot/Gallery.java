package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.image.ImageConversion;
import dev.forearm.ros.image.ImageFormat;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.signal.ImageSlot;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where a policy looks at the pictures of one topic: each converted as wanted. Receive thread. */
final class Gallery {
  private record Wall(ImageSlot slot, ImageConversion conversion) {}

  private final Wall[] walls;
  private long lastStampNanos;

  Gallery(List<ImageSlot> slots) {
    walls =
        slots.stream()
            .map(slot -> new Wall(slot, ImageConversion.to(slot.source())))
            .toArray(Wall[]::new);
  }

  /**
   * Shows a picture.
   *
   * @throws RosFault if it is the one shown before, sent again, or cannot be converted
   */
  void show(
      ImageFormat format, MemorySegment memory, long offset, long stampNanos, long receivedNanos) {
    if (stampNanos != 0 && stampNanos == lastStampNanos) {
      throw new RosFault(
          "image stamped %s ns: found it twice, wanted a new picture; the camera or its driver is frozen"
              .formatted(stampNanos));
    }
    for (Wall wall : walls) {
      ImageTensor tensor = wall.slot.back();
      wall.conversion.convert(format, memory, offset, tensor.values());
      tensor.stamp(stampNanos, receivedNanos);
      wall.slot.publish();
    }
    lastStampNanos = stampNanos;
  }
}
