package dev.forearm.ros.robot;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Message;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.ros.msg.geometry_msgs.Point;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.mcap.McapWriter;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedMomentsTest {
  private static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  private static final Header HEADER = new Header(new Time(0, 0), "panda_link0");
  private static final MultiArrayLayout LAYOUT = new MultiArrayLayout(List.of(), 0);

  @TempDir Path folder;

  /** A message and when it was recorded. */
  private record Said(long nanos, java.lang.String topic, Message message) {}

  private RecordedMoments moments(Said... all) throws IOException {
    Path file = folder.resolve("x.mcap");
    try (McapWriter writer =
        new McapWriter(FileChannel.open(file, CREATE_NEW, WRITE), "ros2", "test", 1)) {
      Map<java.lang.String, Integer> channels = new HashMap<>();
      CdrWriter cdr = new CdrWriter(1000);
      for (Said said : all) {
        if (!channels.containsKey(said.topic())) {
          java.lang.String type = said.message().messageType().name();
          int schema = writer.addSchema(type, "ros2msg", "");
          channels.put(said.topic(), writer.addChannel(schema, said.topic(), "cdr", Map.of()));
        }
        said.message().encode(cdr);
        writer.message(
            channels.getOrDefault(said.topic(), 0),
            said.nanos(),
            said.nanos(),
            cdr.segment().asByteBuffer(),
            0,
            Math.toIntExact(cdr.length()));
      }
      writer.finish();
    }
    try (McapReader reader = McapReader.open(file)) {
      return RecordedMoments.read(reader, ROBOT);
    }
  }

  private static Said joints(long nanos, List<java.lang.String> names, double position) {
    double[] positions = new double[names.size()];
    Arrays.fill(positions, position);
    return new Said(
        nanos,
        "/joint_states",
        new JointState(HEADER, names, positions, new double[0], new double[0]));
  }

  private static Said safety(long nanos, SafetyState state, SafetyReason reason) {
    return new Said(
        nanos,
        EpisodeTap.SAFETY,
        new DiagnosticStatus(
            (byte) 0,
            "forearm: safety",
            reason.meaning(),
            "tabletop",
            List.of(new KeyValue("state", state.name()), new KeyValue("reason", reason.name()))));
  }

  @Test
  void jointsThatAreToldOfApartAreKnownWhenAllAre() throws IOException {
    List<java.lang.String> names = ROBOT.jointNames();
    RecordedMoments moments =
        moments(
            joints(10, names.subList(0, 4), 0.1),
            joints(20, names.subList(4, 8), 0.2),
            joints(30, names.subList(0, 4), 0.3));
    assertEquals(Optional.empty(), moments.at(19).measured());
    assertArrayEquals(
        new double[] {0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2},
        moments.at(29).measured().orElseThrow());
    assertArrayEquals(
        new double[] {0.3, 0.3, 0.3, 0.3, 0.2, 0.2, 0.2, 0.2},
        moments.at(1000).measured().orElseThrow());
    assertEquals(10, moments.startNanos());
    assertEquals(30, moments.endNanos());
  }

  @Test
  void eachMomentHasTheNewestOfEverythingThatWasThereByThen() throws IOException {
    double[] command = {1, 2, 3, 4, 5, 6, 7, 0.01};
    RecordedMoments moments =
        moments(
            safety(10, SafetyState.IDLE, SafetyReason.NONE),
            new Said(20, EpisodeTap.OBSERVATION, new Float32MultiArray(LAYOUT, new float[] {1, 2})),
            new Said(20, EpisodeTap.IMAGINATION, new Float32MultiArray(LAYOUT, new float[] {3})),
            new Said(
                21,
                ForesightMessage.TOPIC,
                new Float32MultiArray(LAYOUT, new float[] {0, 9, 0.5f, 0.25f, 1})),
            new Said(30, "/arm_controller/commands", new Float64MultiArray(LAYOUT, command)),
            safety(40, SafetyState.HOLD, SafetyReason.CHUNK_STALE));
    Moment early = moments.at(15);
    assertEquals(Optional.of(SafetyState.IDLE), early.state());
    assertEquals(Optional.empty(), early.observation());
    assertTrue(Double.isNaN(early.realised()));
    Moment late = moments.at(35);
    assertEquals(20, late.imagination().orElseThrow().nanos());
    assertArrayEquals(new float[] {1, 2}, late.observation().orElseThrow().values());
    assertEquals(0.5, late.realised());
    assertEquals(0.25, late.spread());
    assertArrayEquals(command, late.command().orElseThrow());
    assertEquals(SafetyReason.CHUNK_STALE, moments.at(40).reason());
    assertEquals(Set.of(20L), moments.steps());
  }

  @Test
  void objectsAreKnownByTheNamesThatWereInForce() throws IOException {
    Pose pose = new Pose(new Point(0.5, -0.1, 0.02), new Quaternion(0, 0, 1, 0));
    RecordedMoments moments =
        moments(
            new Said(5, "/objects", new PoseArray(HEADER, List.of(pose))),
            new Said(10, "/object_names", new String("red_cube")),
            new Said(20, "/object_names", new String("blue_cube")));
    assertEquals(Map.of(), moments.at(7).objects());
    assertEquals(Set.of("red_cube"), moments.at(12).objects().keySet());
    assertArrayEquals(
        new double[] {0.5, -0.1, 0.02, 0, 0, 0, 1}, moments.at(25).objects().get("blue_cube"));
  }

  @Test
  void aMessageThatCannotBeDecodedIsNamed() {
    RuntimeFault fault =
        assertThrows(
            RuntimeFault.class, () -> moments(new Said(5, "/joint_states", new String("no"))));
    assertTrue(java.lang.String.valueOf(fault.getMessage()).contains("/joint_states"));
  }
}
