package dev.forearm.ros.cdr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer can do to a reader: nothing but be refused. */
class HostileCdrTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Room for a fault with its message and stack trace. */
  private static final long FAULT_BYTES = 64 << 10;

  /** Objects that the smallest wire form of an element may turn into. */
  private static final long EXPANSION = 200;

  private final CdrReader reader = new CdrReader();

  @ParameterizedTest
  @MethodSource("dev.forearm.ros.GoldenMessage#all")
  void aMessageCutAnywhereIsRefused(GoldenMessage golden) {
    byte[] whole = golden.bytes();
    MessageBuffer buffer = golden.newBuffer();
    for (int length = 0; length < whole.length; length++) {
      MemorySegment cut = MemorySegment.ofArray(whole).asSlice(0, length);
      RosFault refused = assertThrows(RosFault.class, () -> buffer.decode(reader, cut));
      assertTrue(refused.getMessage().startsWith("reading CDR:"), refused.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.forearm.ros.GoldenMessage#all")
  void damagedBytesAreReadOrRefusedButNeverCostMoreThanTheyAre(GoldenMessage golden) {
    Random seed17 = new Random(17);
    byte[] whole = golden.bytes();
    for (int round = 0; round < 200; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 1 + round % 4; i++) {
        damaged[4 + seed17.nextInt(whole.length - 4)] = (byte) seed17.nextInt();
      }
      MessageBuffer buffer = golden.newBuffer();
      MemorySegment cdr = MemorySegment.ofArray(damaged);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        buffer.decode(reader, cdr);
        assertTrue(reader.remaining() >= 0);
      } catch (RosFault refused) {
        assertFalse(refused.getMessage().isEmpty());
      }
      long cost = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertTrue(cost < EXPANSION * whole.length + FAULT_BYTES, "cost " + cost + " bytes");
    }
  }

  @Test
  void aLengthOfFourBillionIsRefusedWithoutAllocatingForIt() {
    byte[] message = GoldenMessage.of("sensor_msgs/msg/Image").bytes();
    int lengthAt = lastLength(message);
    ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).putInt(lengthAt, -1);
    MessageBuffer image = GoldenMessage.of("sensor_msgs/msg/Image").newBuffer();
    RosFault refused =
        assertThrows(RosFault.class, () -> image.decode(reader, MemorySegment.ofArray(message)));
    assertTrue(refused.getMessage().contains("4294967295"), refused.getMessage());
  }

  /** The golden image ends in data of one byte to three: its length stands before. */
  private static int lastLength(byte[] message) {
    for (int data = 1; data <= 3; data++) {
      int at = message.length - data - Integer.BYTES;
      if (message[at] == data) {
        return at;
      }
    }
    throw new IllegalStateException("the golden image has changed");
  }

  @Test
  void posesThatCannotFitAreNotMade() {
    CdrWriter writer = new CdrWriter(64);
    writer.writeInt32(0);
    writer.writeInt32(0);
    writer.writeString("");
    writer.writeLength(1_000_000);
    writer.writeFloats(new float[1000], 1000);
    PoseArray.Buffer poses = new PoseArray.Buffer();
    assertThrows(
        RosFault.class, () -> poses.decode(reader, MemorySegment.ofArray(writer.toByteArray())));
    assertEquals(0, poses.poses.size());
  }

  @Test
  void aBigEndianMessageReadsTheSame() {
    JointState expected =
        new JointState(
            new Header(new Time(1, 2), "b"),
            List.of("j"),
            new double[] {1.5},
            new double[] {},
            new double[] {});
    ByteBuffer big = ByteBuffer.allocate(60).order(ByteOrder.BIG_ENDIAN);
    big.putInt(0x0000_0000).putInt(1).putInt(2);
    big.putInt(2).put((byte) 'b').put((byte) 0).putShort((short) 0);
    big.putInt(1).putInt(2).put((byte) 'j').put((byte) 0).putShort((short) 0);
    big.putInt(1).putDouble(1.5).putInt(0).putInt(0);
    MemorySegment cdr = MemorySegment.ofArray(big.array()).asSlice(0, big.position());
    assertEquals(expected, JointState.decode(cdr));
  }

  @Test
  void otherEncodingsAreNamedAndRefused() {
    byte[] message = GoldenMessage.of("std_msgs/msg/String").bytes();
    message[1] = 7; // XCDR2, little endian
    RosFault refused =
        assertThrows(RosFault.class, () -> reader.wrap(MemorySegment.ofArray(message)));
    assertTrue(refused.getMessage().contains("0x0007"), refused.getMessage());
  }

  @Test
  void aStringWithoutItsTerminatorIsRefusedAndAnEmptyOneMayLackIt() {
    Text text = new Text();
    reader.wrap(MemorySegment.ofArray(new byte[] {0, 1, 0, 0, 2, 0, 0, 0, 'a', 'b'}));
    RosFault refused = assertThrows(RosFault.class, () -> text.read(reader));
    assertTrue(refused.getMessage().contains("not terminated"), refused.getMessage());
    reader.wrap(MemorySegment.ofArray(new byte[] {0, 1, 0, 0, 0, 0, 0, 0}));
    text.read(reader);
    assertEquals("", text.toString());
  }

  @Test
  void aBoundIsHeld() {
    DoubleSequence sequence = new DoubleSequence();
    CdrWriter writer = new CdrWriter(64);
    writer.writeLength(3);
    writer.writeDoubles(new double[] {1, 2, 3}, 3);
    reader.wrap(MemorySegment.ofArray(writer.toByteArray()));
    RosFault refused = assertThrows(RosFault.class, () -> sequence.read(reader, 2));
    assertTrue(refused.getMessage().contains("2 allowed"), refused.getMessage());
  }
}
