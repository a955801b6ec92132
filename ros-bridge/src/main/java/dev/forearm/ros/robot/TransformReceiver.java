package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import dev.forearm.ros.robot.EpisodeChannels.Track;
import dev.forearm.ros.tf.TransformBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Listens to where frames stand. A transform that is none hides no other of its message; a message
 * with nothing else is refused. Receive thread.
 */
final class TransformReceiver {
  /** What was known when an episode began; from there on the raw messages tell. */
  static final String STARTING_MOVING = "/forearm/tf";

  static final String STARTING_STATIC = "/forearm/tf_static";
  private static final int MOST_AT_ONCE = 256; // some 30 kB

  private final TransformBuffer buffer = new TransformBuffer(TransformBuffer.USUALLY_KEPT_NANOS);
  private final TFMessage.Buffer message = new TFMessage.Buffer();
  private final CdrReader reader = new CdrReader();
  private Runnable then = () -> {};

  /** What is known; the receive thread's. */
  TransformBuffer buffer() {
    return buffer;
  }

  /** Has {@code then} told after each message. */
  void afterEach(Runnable then) {
    this.then = then;
  }

  long receiveMoving(MemorySegment cdr, long receivedNanos, long publisher) {
    take(cdr, false);
    return 0;
  }

  long receiveStatic(MemorySegment cdr, long receivedNanos, long publisher) {
    take(cdr, true);
    return 0;
  }

  /** Takes a message of {@code /tf} or, static, of {@code /tf_static}. */
  void take(MemorySegment cdr, boolean isStatic) {
    message.decode(reader, cdr);
    int taken = 0;
    RosFault refusal = null;
    for (int i = 0; i < message.transforms.size(); i++) {
      RosFault wrong = refusal(message.transforms.get(i), isStatic);
      if (wrong == null) {
        taken++;
      } else {
        refusal = wrong;
      }
    }
    if (refusal != null && taken == 0) {
      throw refusal;
    }
    then.run();
  }

  private @Nullable RosFault refusal(TransformStamped.Buffer told, boolean isStatic) {
    try {
      buffer.add(told, isStatic);
      return null;
    } catch (RosFault fault) {
      return fault;
    }
  }

  /** Writes what is known into an episode that begins. Once an episode, so it may allocate. */
  void write(Track moving, Track fixed, long nanos) {
    CdrWriter writer = new CdrWriter(1024);
    buffer.tell(
        MOST_AT_ONCE,
        (known, isStatic) -> {
          known.encode(writer);
          (isStatic ? fixed : moving).write(writer, nanos);
        });
  }
}
