package dev.forearm.ros.cdr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.sensor_msgs.Imu;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.sensor_msgs.LaserScan;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FieldReaderTest {
  private static final String IMU = "sensor_msgs/msg/Imu";
  private static final String SCAN = "sensor_msgs/msg/LaserScan";

  private static double[] read(String type, String path, int size) {
    return new FieldReader(MessageType.named(type), path, size).read(GoldenMessage.of(type).cdr());
  }

  @Test
  void theNumbersAreThoseThatAWholeMessageHolds() {
    Imu imu = Imu.decode(GoldenMessage.of(IMU).cdr());
    assertArrayEquals(
        new double[] {imu.header().stamp().sec(), imu.header().stamp().nanosec()},
        read(IMU, "header.stamp", 2));
    assertArrayEquals(new double[] {imu.angularVelocity().y()}, read(IMU, "angular_velocity.y", 1));
    assertArrayEquals(
        new double[] {
          imu.orientation().x(), imu.orientation().y(), imu.orientation().z(), imu.orientation().w()
        },
        read(IMU, "orientation", 4));
    assertArrayEquals(
        imu.linearAccelerationCovariance(), read(IMU, "linear_acceleration_covariance", 9));
    JointState joints = JointState.decode(GoldenMessage.of("sensor_msgs/msg/JointState").cdr());
    assertArrayEquals(
        joints.effort(), read("sensor_msgs/msg/JointState", "effort", joints.effort().length));
    LaserScan scan = LaserScan.decode(GoldenMessage.of(SCAN).cdr());
    double[] ranges = read(SCAN, "ranges", scan.ranges().length);
    for (int i = 0; i < ranges.length; i++) {
      assertEquals(scan.ranges()[i], ranges[i]);
    }
  }

  @Test
  void everyTypeIsWalkedToItsEnd() {
    for (GoldenMessage message : GoldenMessage.all()) {
      for (MessageField field : message.messageType().fields()) {
        for (int size = 1; size <= 40; size++) {
          try {
            new FieldReader(message.messageType(), field.name(), size).read(message.cdr());
          } catch (RosFault e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("field "), message + ": " + e);
          }
        }
      }
    }
  }

  @Test
  void unsignedNumbersStayPositive() {
    MessageType type = MessageType.named("std_msgs/msg/UInt64");
    byte[] cdr = {0, 1, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1};
    assertEquals(0x1p64, new FieldReader(type, "data", 1).read(MemorySegment.ofArray(cdr))[0]);
  }

  @Test
  void whatCannotBeReadIsRefusedByName() {
    refused(IMU, "angular", 1, "there is no 'angular'");
    refused(IMU, "header.frame_id", 1, "'frame_id' is text, wanted numbers");
    refused(IMU, "angular_velocity", 4, "found 3 numbers, wanted 4");
    refused("geometry_msgs/msg/PoseArray", "poses.position", 3, "'poses' is no single message");
    refused("acme_msgs/msg/Wheel", "speed", 1, "none is built in by that name");
  }

  @Test
  void aSequenceOfAnotherLengthIsRefused() {
    int length = LaserScan.decode(GoldenMessage.of(SCAN).cdr()).ranges().length;
    RosFault fault = assertThrows(RosFault.class, () -> read(SCAN, "ranges", length + 1));
    assertTrue(
        String.valueOf(fault.getMessage())
            .contains("found %s numbers, wanted %s".formatted(length, length + 1)));
  }

  private static void refused(String type, String path, int size, String why) {
    RosFault fault =
        assertThrows(RosFault.class, () -> new FieldReader(MessageType.named(type), path, size));
    assertTrue(String.valueOf(fault.getMessage()).contains(why), fault.getMessage());
  }
}
