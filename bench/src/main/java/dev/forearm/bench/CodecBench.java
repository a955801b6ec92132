package dev.forearm.bench;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * CDR to and from preallocated storage, for the two messages that matter: an eight-joint joint
 * state and a 96x96 image. Peers: copying the same bytes, below which no codec can be, and rosbags,
 * the Python library that reads most bags, where {@link PythonPeer} finds it.
 */
final class CodecBench implements Benchmark {
  private static final int JOINTS = 8;
  private static final int IMAGE_SIDE = 96;

  @Override
  public String name() {
    return "codec";
  }

  @Override
  public String purpose() {
    return "CDR encode and decode of a joint state and an image, against a plain copy and rosbags";
  }

  @Override
  public Map<String, Double> run() {
    Map<String, Double> values = new LinkedHashMap<>();
    JointState.Buffer joints = new JointState.Buffer();
    joints.assign(jointState());
    measure("joint_state", joints, new JointState.Buffer(), values);
    Image.Buffer image = new Image.Buffer();
    image.assign(image());
    measure("image_96", image, new Image.Buffer(), values);
    values.putAll(PythonPeer.rosbags(encoded(joints), encoded(image)));
    return values;
  }

  private static void measure(
      String what, Message message, MessageBuffer into, Map<String, Double> values) {
    CdrWriter writer = new CdrWriter(64);
    Timing encode =
        Timing.of(() -> {
          message.encode(writer);
          return writer.length();
        });
    message.encode(writer);
    MemorySegment cdr = writer.segment().asSlice(0, writer.length());
    CdrReader reader = new CdrReader();
    Timing decode =
        Timing.of(() -> {
          into.decode(reader, cdr);
          return 1;
        });
    MemorySegment copy = Arena.ofAuto().allocate(writer.length());
    Timing copied =
        Timing.of(() -> {
          MemorySegment.copy(cdr, 0, copy, 0, cdr.byteSize());
          return copy.get(ValueLayout.JAVA_BYTE, 4);
        });
    values.put(what + "_encode_ns", encode.nanos());
    values.put(what + "_encode_bytes_allocated", encode.bytes());
    values.put(what + "_decode_ns", decode.nanos());
    values.put(what + "_decode_bytes_allocated", decode.bytes());
    values.put("peer_copy_" + what + "_ns", copied.nanos());
  }

  private static byte[] encoded(Message message) {
    CdrWriter writer = new CdrWriter(64);
    message.encode(writer);
    return writer.segment().asSlice(0, writer.length()).toArray(ValueLayout.JAVA_BYTE);
  }

  private static JointState jointState() {
    List<String> names =
        IntStream.rangeClosed(1, JOINTS).mapToObj(joint -> "panda_joint" + joint).toList();
    double[] values = IntStream.range(0, JOINTS).mapToDouble(joint -> 0.1 * joint).toArray();
    return new JointState(header(), names, values, values, values);
  }

  private static Image image() {
    byte[] pixels = new byte[3 * IMAGE_SIDE * IMAGE_SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    return new Image(header(), IMAGE_SIDE, IMAGE_SIDE, "rgb8", (byte) 0, 3 * IMAGE_SIDE, pixels);
  }

  private static Header header() {
    return new Header(new Time(1_700_000_000, 5), "panda_link0");
  }
}
