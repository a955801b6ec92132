package dev.forearm.launch.capture;

import boofcv.struct.image.GrayF32;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest picture of a topic and where the joints were lately, by when messages arrived, so that
 * clocks of cameras and drivers need not agree. Publishes nothing. Its transport's receive thread
 * hands over what comes; one other thread takes it.
 */
final class LivePictures implements AutoCloseable {
  /** Matches every publisher, whatever it offers. */
  private static final Qos ANYBODY =
      new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 10);

  private static final long KEPT_NANOS = 5_000_000_000L;

  private final String topic;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final AtomicReference<@Nullable Shot> newest = new AtomicReference<>();
  private final Queue<State> states = new ConcurrentLinkedQueue<>();
  private final JointTrack track;

  /** A joint state and when it came. */
  private record State(long nanos, JointState joints) {}

  /**
   * A picture that nobody has decoded yet.
   *
   * @param nanos when it came, on the transport's clock
   */
  @SuppressWarnings("ArrayRecordComponent") // read and never compared
  record Shot(String topic, long nanos, byte[] cdr) {
    GrayF32 decode() {
      return Picture.decode(topic, MemorySegment.ofArray(cdr));
    }
  }

  /**
   * Listens.
   *
   * @param transport stays the caller's
   * @param topic of images, raw or compressed
   * @param withArm whether the robot's joint states are listened to
   */
  LivePictures(RosTransport transport, String topic, Robot robot, boolean withArm) {
    this.topic = topic;
    track = new JointTrack(robot);
    subscriptions.add(
        transport.subscribe(
            topic,
            Picture.typeOn(topic),
            ANYBODY,
            (cdr, received) ->
                newest.set(new Shot(topic, received, cdr.toArray(ValueLayout.JAVA_BYTE)))));
    if (withArm) {
      robot.groups().stream()
          .map(JointGroup::states)
          .distinct()
          .forEach(states ->
              subscriptions.add(
                  transport.subscribe(states, JointState.TYPE, ANYBODY, this::receiveState)));
    }
  }

  private void receiveState(MemorySegment cdr, long receivedNanos) {
    states.add(new State(receivedNanos, JointState.decode(cdr)));
  }

  /** The newest picture, if another has come since the last call. */
  Optional<Shot> poll() {
    return Optional.ofNullable(newest.getAndSet(null));
  }

  /** Where the joints were in the last seconds. */
  JointTrack track() {
    for (State state = states.poll(); state != null; state = states.poll()) {
      track.take(state.nanos, state.joints);
      track.forgetBefore(state.nanos - KEPT_NANOS);
    }
    return track;
  }

  /** The topic of the images. */
  String topic() {
    return topic;
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
