package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Sends joint states within a process and demands that neither end allocates for them. Of some
 * rounds the best counts: the compiler may allocate on either thread, once.
 */
public final class FrugalCheck {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 25;
  private static final int MEASURED = 1_000;

  private final CdrReader reader = new CdrReader(); // the receive thread's, as all below
  private final JointState.Buffer incoming = new JointState.Buffer();
  private volatile long received;
  private volatile long leastReceiving = Long.MAX_VALUE;
  private long roundBegan;

  private FrugalCheck() {}

  /** Runs the check; the transport is closed in any case. */
  public static void run(RosTransport joined) {
    try (RosTransport transport = joined) {
      new FrugalCheck().check(transport);
    }
  }

  private void check(RosTransport transport) {
    Qos deep = new Qos(Qos.Reliability.RELIABLE, Qos.Durability.VOLATILE, MEASURED);
    transport.subscribe("/frugal", JointState.TYPE, deep, (cdr, _) -> receive(cdr));
    Publication publication = transport.advertise("/frugal", JointState.TYPE, deep);
    Peers.await("a match", () -> publication.subscribers() == 1);
    Header header = new Header(new Time(1, 5), "base");
    JointState.Buffer message = new JointState.Buffer();
    message.assign(
        new JointState(header, List.of("a", "b"), new double[2], new double[2], new double[2]));
    CdrWriter writer = new CdrWriter(256);
    long leastSending = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MEASURED; i++) {
        message.position.set(0, i);
        message.encode(writer);
        publication.publish(writer);
      }
      leastSending = Math.min(leastSending, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, leastSending, "publishing");
    Peers.await(
        "enough messages",
        () -> {
          for (int i = 0; i < MEASURED; i++) {
            publication.publish(writer);
          }
          return received > ROUNDS * MEASURED;
        });
    assertEquals(0, leastReceiving, "receiving");
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void receive(MemorySegment cdr) {
    incoming.decode(reader, cdr);
    if (++received % MEASURED == 0) {
      long now = THREADS.getCurrentThreadAllocatedBytes();
      leastReceiving = Math.min(leastReceiving, now - roundBegan);
      roundBegan = now;
    }
  }
}
