package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Message;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Twist;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.runtime.signal.TakeoverSignal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakeoverReceiverTest {
  private static final long MS = 1_000_000;
  private static final double NONE = Double.NaN;
  private static final String FINGER = "panda_finger_joint1";

  private final Robot robot = robot();
  private final SignalSlot slot = new RobotSignals(robot).takeover().orElseThrow();
  private final SignalReading asked = new SignalReading(slot.width());
  private final TakeoverReceiver receiver =
      new TakeoverReceiver(robot, robot.takeover().orElseThrow(), slot);
  private long now = 5000 * MS;

  private static Robot robot() {
    try {
      String text =
          Files.readString(Path.of("../launch/src/main/resources/robots/tabletop.yaml"))
              + """

              takeover: {person: Ada, joint_targets: /teleop/joints, twist: /teleop/twist,
                twist_frame: panda_link0, linear_max: 0.25, angular_max: 1.0, speed_share: 0.5,
                timeout_ms: 200}
              """;
      return RobotFile.parse(text, "tabletop.yaml");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void namedJointsGetGoalsAndTheOthersNone() {
    targets(List.of(FINGER, "panda_joint2"), 0.01, -0.5);
    assertArrayEquals(new double[] {NONE, -0.5, NONE, NONE, NONE, NONE, NONE, 0.01}, goals());
    targets(List.of("panda_joint1"), 0.1);
    assertArrayEquals(new double[] {0.1, -0.5, NONE, NONE, NONE, NONE, NONE, 0.01}, goals());
  }

  @Test
  void aTwistTakesTheChainAndLeavesTheFingerItsGoal() {
    targets(List.of(FINGER, "panda_joint2"), 0.01, -0.5);
    now += 10 * MS;
    twist("panda_grasp", 0.1, 0.2, 0.3);
    assertArrayEquals(new double[] {NONE, NONE, NONE, NONE, NONE, NONE, NONE, 0.01}, goals());
    assertArrayEquals(
        new double[] {0.1, 0.2, 0.3, 1, 2, 3},
        Arrays.copyOfRange(asked.values(), TakeoverSignal.twist(8), TakeoverSignal.frame(8)));
    assertEquals(TakeoverSignal.TOOL, asked.values()[TakeoverSignal.frame(8)]);
    assertEquals(now, (long) asked.values()[TakeoverSignal.twistNanos(8)]);
    targets(List.of(FINGER), 0.02);
    assertEquals(now, (long) asked.values()[TakeoverSignal.twistNanos(8)], "both at once");
    targets(List.of("panda_joint2"), 0.0);
    assertEquals(0, asked.values()[TakeoverSignal.twistNanos(8)], "the arm goes to its target");
  }

  @Test
  void aTwistWithoutAFrameIsInTheRobotFiles() {
    twist("", 0, 0, 0);
    assertEquals(TakeoverSignal.BASE, asked.values()[TakeoverSignal.frame(8)]);
  }

  @Test
  void afterAPauseNothingOfWhatWasBeforeCounts() {
    targets(List.of(FINGER, "panda_joint2"), 0.01, -0.5);
    now += 201 * MS;
    targets(List.of("panda_joint1"), 0.1);
    assertArrayEquals(new double[] {0.1, NONE, NONE, NONE, NONE, NONE, NONE, NONE}, goals());
  }

  @Test
  void whatIsNotSoundIsRefusedWhollyWithTheReason() {
    refused("panda_joint9", () -> targets(List.of(FINGER, "panda_joint9"), 0.01, 0));
    refused("panda_joint1", () -> targets(List.of("panda_joint1"), Double.NaN));
    refused("panda_joint1", () -> targets(List.of("panda_joint1"), Double.POSITIVE_INFINITY));
    refused("-2.8973 to 2.8973 rad", () -> targets(List.of("panda_joint1"), 40));
    refused("twice", () -> targets(List.of(FINGER, FINGER), 0.01, 0.02));
    refused("2 joint names and 1 positions", () -> targets(List.of(FINGER, "panda_joint1"), 0.01));
    refused("0 joint names", () -> targets(List.of()));
    refused("'camera'", () -> twist("camera", 0, 0, 0));
    refused("linear part", () -> twist("", 0, Double.NaN, 0));
    refused("linear part", () -> twist("", Double.NEGATIVE_INFINITY, 0, 0));
    assertEquals(0, asked.sequence(), "nothing was taken");
  }

  @Test
  void aSecondPublisherIsRefusedWhileTheFirstOneSpeaks() {
    receiver.receiveTwist(cdr(message("", 0.1, 0, 0)), now, 7);
    refused("two publishers", () -> receiver.receiveTwist(cdr(message("", 0, 0, 0)), now, 8));
    receiver.receiveTwist(cdr(message("", 0.2, 0, 0)), now, 7);
    now += 201 * MS;
    receiver.receiveTwist(cdr(message("", 0.3, 0, 0)), now, 8);
    read();
    assertEquals(0.3, asked.values()[TakeoverSignal.twist(8)]);
  }

  private void refused(String reason, Runnable says) {
    RosFault fault = assertThrows(RosFault.class, says::run);
    assertTrue(String.valueOf(fault.getMessage()).contains(reason), fault::getMessage);
  }

  private double[] goals() {
    return Arrays.copyOf(asked.values(), 8);
  }

  private void targets(List<String> names, double... positions) {
    JointState message =
        new JointState(header(""), names, positions, new double[] {}, new double[] {});
    receiver.receiveTargets(cdr(message), now, 0);
    read();
  }

  private void twist(String frame, double x, double y, double z) {
    receiver.receiveTwist(cdr(message(frame, x, y, z)), now, 0);
    read();
  }

  private static TwistStamped message(String frame, double x, double y, double z) {
    return new TwistStamped(header(frame), new Twist(new Vector3(x, y, z), new Vector3(1, 2, 3)));
  }

  private static Header header(String frame) {
    return new Header(new Time(1, 2), frame);
  }

  private void read() {
    slot.read(asked);
  }

  private static MemorySegment cdr(Message message) {
    CdrWriter writer = new CdrWriter(512);
    message.encode(writer);
    return writer.segment().asSlice(0, writer.length());
  }
}
