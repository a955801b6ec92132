package dev.forearm.ros.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.rosgraph_msgs.Clock;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that a node stamps messages with: the machine's, or with {@code use_sim_time} that of
 * {@code /clock}, which is 0 until it is heard. Control goes by another clock, which never jumps.
 * Any thread.
 */
public final class NodeClock {
  /** As ROS 2 listens to it. */
  private static final Qos QOS = new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 1);

  private final RosTransport transport;
  private final Clock.Buffer message = new Clock.Buffer(); // receive thread's
  private final CdrReader reader = new CdrReader(); // receive thread's
  private volatile long simulatedNanos;
  private volatile boolean simulated;
  private @Nullable Subscription subscription;

  NodeClock(RosTransport transport) {
    this.transport = transport;
  }

  /** Goes by {@code /clock} or the machine from now on. */
  synchronized void simulate(boolean wanted) {
    if (wanted && subscription == null) {
      subscription = transport.subscribe("/clock", Clock.TYPE, QOS, this::hear);
    }
    simulated = wanted;
  }

  private void hear(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    simulatedNanos = RosTime.nanos(message.clock);
  }

  public Time now() {
    if (simulated) {
      return RosTime.of(simulatedNanos);
    }
    Instant now = Instant.now();
    return new Time((int) now.getEpochSecond(), now.getNano());
  }
}
