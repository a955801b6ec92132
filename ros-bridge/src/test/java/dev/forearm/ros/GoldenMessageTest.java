package dev.forearm.ros;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.sensor_msgs.NavSatStatus;
import dev.forearm.ros.msg.std_msgs.Empty;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every generated message against definitions, hashes and bytes that are not ours. */
class GoldenMessageTest {
  private final CdrReader reader = new CdrReader();
  private final CdrWriter writer = new CdrWriter(0);

  private byte[] written(Message message) {
    writer.begin();
    message.write(writer);
    return writer.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("dev.forearm.ros.GoldenMessage#all")
  void theTypeHashIsThatOfRep2011(GoldenMessage golden) {
    assertEquals(golden.hash(), golden.messageType().hash());
    assertEquals(golden.type(), golden.messageType().name());
  }

  @ParameterizedTest
  @MethodSource("dev.forearm.ros.GoldenMessage#all")
  void theBufferReadsAndWritesTheIndependentEncodersBytes(GoldenMessage golden) {
    MessageBuffer buffer = golden.newBuffer();
    buffer.decode(reader, golden.cdr());
    assertEquals(0, reader.remaining());
    assertArrayEquals(golden.bytes(), written(buffer));
  }

  @ParameterizedTest
  @MethodSource("dev.forearm.ros.GoldenMessage#all")
  void theRecordReadsAndWritesTheIndependentEncodersBytes(GoldenMessage golden) {
    reader.wrap(golden.cdr());
    Message first = golden.readRecord(reader);
    assertArrayEquals(golden.bytes(), written(first));
    reader.wrap(golden.cdr());
    Message second = golden.readRecord(reader);
    assertEquals(first, second);
    assertEquals(first.hashCode(), second.hashCode());
  }

  /** Values as the script counts them: 1, 2, the text 3, then a length from 4. */
  @Test
  void valuesEndUpInTheirOwnFields() {
    JointState state = JointState.decode(GoldenMessage.of("sensor_msgs/msg/JointState").cdr());
    assertEquals(1, state.header().stamp().sec());
    assertEquals(2, state.header().stamp().nanosec());
    assertEquals("text 3 ä", state.header().frameId());
    assertEquals(List.of("text 5 ä", "text 6 ä"), state.name());
    assertArrayEquals(new double[] {8.25, 9.25}, state.position());
    assertArrayEquals(new double[] {11.25, 12.25}, state.velocity());
    assertArrayEquals(new double[] {14.25, 15.25}, state.effort());
  }

  @Test
  void theHashesOfThePublishedExamplesHold() {
    assertEquals(
        "RIHS01_a13ee3a330e346c9d87b5aa18d24e11690752bd33a0350f11c5882bc9179260e",
        JointState.TYPE.hash());
    assertEquals(
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
        dev.forearm.ros.msg.std_msgs.String.TYPE.hash());
  }

  @Test
  void theDefinitionCarriesItsDependencies() {
    String separator = "=".repeat(80);
    assertEquals(
        """
        std_msgs/Header header
        string[] name
        float64[] position
        float64[] velocity
        float64[] effort
        %1$s
        MSG: builtin_interfaces/Time
        int32 sec
        uint32 nanosec
        %1$s
        MSG: std_msgs/Header
        builtin_interfaces/Time stamp
        string frame_id
        """
            .formatted(separator),
        JointState.TYPE.definition());
    assertEquals("", Empty.TYPE.definition());
  }

  @Test
  void constantsAndDefaultsAreThoseOfTheDefinition() {
    assertEquals(-1, NavSatStatus.STATUS_NO_FIX);
    assertEquals(8, NavSatStatus.SERVICE_GALILEO);
    assertEquals(1.0, new Quaternion.Buffer().w);
    assertEquals(-2, new NavSatStatus.Buffer().status);
  }
}
