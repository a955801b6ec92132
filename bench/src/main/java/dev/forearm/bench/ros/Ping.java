package dev.forearm.bench.ros;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.Publication;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The end that measures. The calling thread sends; the transport's receive thread decodes the
 * answers and notes how long they took.
 */
final class Ping {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long DISCOVERY_NANOS = 20_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000;
  private static final int JOINTS = 7;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;

  private final CdrWriter writer = new CdrWriter(1024);
  private final JointState.Buffer jointState = new JointState.Buffer();
  private final Image.Buffer image = new Image.Buffer();
  private final Publication pings;
  private final Publication images;
  private final Subscription pongs;

  private final CdrReader reader = new CdrReader(); // the receive thread's, as is the next
  private final JointState.Buffer answer = new JointState.Buffer();
  private volatile long[] nanos = {}; // replaced while nothing is under way
  private volatile int answers;
  private volatile long receiveThread;

  Ping(RosTransport transport) {
    pings = transport.advertise("ping", JointState.TYPE, ForearmPeer.QOS);
    images = transport.advertise("image", Image.TYPE, ForearmPeer.QOS);
    pongs =
        transport.subscribe("pong", JointState.TYPE, ForearmPeer.QOS, (cdr, _) -> answered(cdr));
    Header header = new Header(new Time(0, 0), "panda_link0");
    List<String> names =
        IntStream.rangeClosed(1, JOINTS).mapToObj(joint -> "panda_joint" + joint).toList();
    double[] values = IntStream.range(0, JOINTS).mapToDouble(joint -> 0.1 * joint).toArray();
    jointState.assign(new JointState(header, names, values, values, values));
    byte[] pixels = new byte[3 * WIDTH * HEIGHT];
    image.assign(new Image(header, HEIGHT, WIDTH, "rgb8", (byte) 0, 3 * WIDTH, pixels));
  }

  /** Carries out one order, waiting for the other end first, and prints what came of it. */
  void run(String[] order) {
    boolean joints = order[0].equals("joint_states");
    Publication to = joints ? pings : images;
    MessageBuffer message = joints ? jointState : image;
    Time.Buffer stamp = joints ? jointState.header.stamp : image.header.stamp;
    int count = Integer.parseInt(order[1]);
    BooleanSupplier complete = () -> answers == count;
    await(() -> to.subscribers() == 1 && pongs.publishers() == 1, DISCOVERY_NANOS);
    nanos = new long[count];
    answers = 0;
    long before = allocated();
    send(message, stamp, to, count, Long.parseLong(order[2]));
    await(complete, PATIENCE_NANOS);
    long bytes = allocated() - before;
    StringBuilder report = new StringBuilder();
    for (int i = 0; i < answers; i++) {
      report.append("rtt ").append(nanos[i]).append('\n');
    }
    report.append("bytes ").append((double) bytes / count).append("\nend");
    System.out.println(report);
  }

  private void send(
      MessageBuffer message, Time.Buffer stamp, Publication to, int count, long periodNanos) {
    long due = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long now = System.nanoTime();
      for (; now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      due += ((now - due) / periodNanos + 1) * periodNanos; // what was slept through is skipped
      RosTime.set(stamp, now);
      message.encode(writer);
      to.publish(writer);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void answered(MemorySegment cdr) {
    answer.decode(reader, cdr);
    int index = answers;
    if (index < nanos.length) { // or one that had been given up
      nanos[index] = System.nanoTime() - RosTime.nanos(answer.header.stamp);
      answers = index + 1;
    }
    receiveThread = Thread.currentThread().threadId();
  }

  /** Heap bytes that sending and receiving have allocated so far. */
  private long allocated() {
    long received = receiveThread == 0 ? 0 : THREADS.getThreadAllocatedBytes(receiveThread);
    return received + THREADS.getCurrentThreadAllocatedBytes();
  }

  private static void await(BooleanSupplier condition, long patienceNanos) {
    long end = System.nanoTime() + patienceNanos;
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
