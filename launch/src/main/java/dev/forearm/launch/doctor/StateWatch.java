package dev.forearm.launch.doctor;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What comes on one topic of joint states. Written by the transport's receive thread. */
final class StateWatch implements CdrHandler {
  private static final long SECOND = 1_000_000_000L;

  private final Map<String, Double> positions = new LinkedHashMap<>();
  private final Set<Long> publishers = new HashSet<>();
  private long messages;
  private long firstNanos;
  private long lastNanos;
  private long lastStampNanos;
  private boolean velocities;

  @Override
  public void onMessage(MemorySegment cdr, long receivedNanos) {
    onMessage(cdr, receivedNanos, 0);
  }

  @Override
  public synchronized void onMessage(MemorySegment cdr, long receivedNanos, long publisher) {
    JointState state = JointState.decode(cdr);
    int told = Math.min(state.name().size(), state.position().length);
    for (int i = 0; i < told; i++) {
      positions.put(state.name().get(i), state.position()[i]);
    }
    velocities |= state.velocity().length > 0;
    publishers.add(publisher);
    firstNanos = messages == 0 ? receivedNanos : firstNanos;
    messages++;
    lastNanos = receivedNanos;
    Time stamp = state.header().stamp();
    lastStampNanos = stamp.sec() * SECOND + Integer.toUnsignedLong(stamp.nanosec());
  }

  /** Newest position of each joint that was told of, in the publisher's unit. */
  synchronized Map<String, Double> positions() {
    return new LinkedHashMap<>(positions);
  }

  synchronized boolean silent() {
    return messages == 0;
  }

  /** Messages a second; 0 before the second. */
  synchronized double hertz() {
    return messages < 2 ? 0 : (messages - 1) * 1e9 / (lastNanos - firstNanos);
  }

  /** When the newest came, on the transport's clock. */
  synchronized long lastNanos() {
    return lastNanos;
  }

  /** What the newest is stamped with, in ROS time; 0: nothing. */
  synchronized long lastStampNanos() {
    return lastStampNanos;
  }

  synchronized int publishers() {
    return publishers.size();
  }

  synchronized boolean tellsVelocities() {
    return velocities;
  }
}
