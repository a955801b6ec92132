package dev.forearm.ros.cdr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A buffer lives through a million messages: it must not carry one into the next, nor allocate. */
class JointStateReuseTest {
  private static final int ROUNDS = 25;
  private static final int MEASURED = 1_000;

  private static JointState random(Random random) {
    int joints = random.nextInt(12);
    List<String> names =
        IntStream.range(0, joints)
            .mapToObj(i -> "joint_" + "x".repeat(random.nextInt(9)) + i)
            .toList();
    Header header =
        new Header(new Time(random.nextInt(), random.nextInt()), "f".repeat(random.nextInt(5)));
    return new JointState(
        header,
        names,
        random.doubles(joints).toArray(),
        random.doubles(random.nextBoolean() ? joints : 0).toArray(),
        random.doubles(random.nextBoolean() ? joints : 0).toArray());
  }

  @Test
  void anythingEncodedDecodesToItselfInTheSameStorage() {
    Random seed5 = new Random(5);
    CdrWriter writer = new CdrWriter(0);
    CdrReader reader = new CdrReader();
    JointState.Buffer in = new JointState.Buffer();
    JointState.Buffer out = new JointState.Buffer();
    for (int round = 0; round < 500; round++) {
      JointState message = random(seed5);
      out.assign(message);
      out.encode(writer);
      MemorySegment cdr = writer.segment().asSlice(0, writer.length());
      assertEquals(0, cdr.byteSize() % 4, "padded to four bytes");
      in.decode(reader, cdr);
      assertEquals(message, in.toRecord());
    }
  }

  @Test
  void encodingAndDecodingAJointStateAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    CdrWriter writer = new CdrWriter(0);
    CdrReader reader = new CdrReader();
    JointState.Buffer out = new JointState.Buffer();
    JointState.Buffer in = new JointState.Buffer();
    out.assign(random(new Random(8)));
    out.name.resize(9);
    out.position.resize(9);
    out.encode(writer);
    MemorySegment cdr = writer.segment().asSlice(0, writer.length());
    long least = Long.MAX_VALUE; // of some rounds: the compiler may allocate on this thread, once
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MEASURED; i++) {
        out.position.set(0, i);
        out.encode(writer);
        in.decode(reader, cdr);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(MEASURED - 1, in.position.get(0));
    assertEquals(0, least);
  }
}
