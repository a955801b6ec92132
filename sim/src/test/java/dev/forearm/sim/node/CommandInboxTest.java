package dev.forearm.sim.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.scene.Tabletop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a controller refuses, and in which words. */
final class CommandInboxTest {
  private static final double[] NONE = {};
  private static final double[] EIGHT = new double[8];

  private final Handlers handlers = new Handlers();
  private final CommandInbox inbox = new CommandInbox(handlers, SimController.WHOLE_ARM);
  private final Tabletop scene = new Tabletop(Gap.none());

  @AfterEach
  void close() {
    inbox.close();
    scene.close();
  }

  @Test
  void aPointHasAPositionAndAVelocityOrNoneForEachJoint() {
    assertRefused("point 0 has 0 positions, wanted 8", trajectory(0, point(NONE, EIGHT, 1)));
    assertRefused(
        "point 0 has 7 positions, wanted 8", trajectory(0, point(new double[7], NONE, 1)));
    assertRefused(
        "point 1 has 3 velocities, wanted 8 or none",
        trajectory(0, point(EIGHT, EIGHT, 1), point(EIGHT, new double[3], 2)));
    handlers.hand(trajectory(0, point(EIGHT, EIGHT, 1), point(EIGHT, NONE, 2)));
  }

  @Test
  void eachJointIsNamedOnce() {
    JointTrajectory good = trajectory(0, point(EIGHT, NONE, 1));
    List<String> one = List.of("panda_joint1");
    assertRefused(
        "found joints [panda_joint1], wanted each of [panda_joint1, panda_joint2,",
        new JointTrajectory(good.header(), one, good.points()));
    List<String> twice = new ArrayList<>(Tabletop.JOINTS);
    twice.set(1, "panda_joint1");
    assertRefused(
        "found joints [panda_joint1, panda_joint1,",
        new JointTrajectory(good.header(), twice, good.points()));
  }

  @Test
  void aTrajectoryThatIsOverIsRefused() {
    inbox.drain(
        new ArmDrive(scene, Gap.none(), Disturbance.NONE, Tabletop.JOINTS), 0, 10_000_000_000L);
    assertRefused("it ended 2.0 s before it came", trajectory(7, point(EIGHT, NONE, 1)));
    handlers.hand(trajectory(7, point(EIGHT, NONE, 4)));
    handlers.hand(trajectory(0, point(EIGHT, NONE, 1)));
  }

  @Test
  void aCommandHasAPositionForEachJoint() {
    assertRefused(
        "found 3 positions, wanted 8",
        new Float64MultiArray(new MultiArrayLayout(List.of(), 0), new double[3]));
  }

  private void assertRefused(String said, Message message) {
    RosFault fault = assertThrows(RosFault.class, () -> handlers.hand(message));
    assertTrue(fault.getMessage().contains(said), fault.getMessage());
    assertEquals(0, inbox.commanders());
  }

  private static JointTrajectory trajectory(int startSeconds, JointTrajectoryPoint... points) {
    return new JointTrajectory(
        new Header(new Time(startSeconds, 0), ""), Tabletop.JOINTS, List.of(points));
  }

  private static JointTrajectoryPoint point(
      double[] positions, double[] velocities, int afterSeconds) {
    return new JointTrajectoryPoint(
        positions, velocities, NONE, NONE, new Duration(afterSeconds, 0));
  }

  /** Lets a test call a topic's handler itself, so that it sees what is thrown. */
  private static final class Handlers implements RosTransport {
    private final InProcessTransport transport = new InProcessTransport(new SimulatedClock());
    private final Map<String, CdrHandler> byType = new HashMap<>();

    void hand(Message message) {
      CdrWriter writer = new CdrWriter(256);
      message.encode(writer);
      CdrHandler handler = byType.get(message.messageType().name());
      if (handler == null) {
        throw new AssertionError("nobody takes " + message.messageType());
      }
      handler.onMessage(writer.segment().asSlice(0, writer.length()), 0);
    }

    @Override
    public Publication advertise(String topic, MessageType type, Qos qos) {
      return transport.advertise(topic, type, qos);
    }

    @Override
    public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
      byType.put(type.name(), handler);
      return transport.subscribe(topic, type, qos, handler);
    }

    @Override
    public String description() {
      return transport.description();
    }

    @Override
    public void close() {
      transport.close();
    }
  }
}
