package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One topic's joint states. Joints are matched by name: a message may tell of some of them, in any
 * order, and of others that are not the robot's.
 */
final class JointStateReceiver implements Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(JointStateReceiver.class);

  private final String topic;
  private final JointStates states;
  private final List<String> joints;
  private final byte[][] names; // in command order; empty for joints of other topics
  private final int[] placeOf; // of each joint in the message; negative: it is not there
  private final JointState.Buffer message = new JointState.Buffer();
  private final CdrReader reader = new CdrReader();
  private boolean saidVelocities;
  private boolean saidStrangers;

  JointStateReceiver(Robot robot, String topic, JointStates states) {
    this.topic = topic;
    this.states = states;
    joints =
        robot.groups().stream()
            .filter(group -> group.states().equals(topic))
            .flatMap(group -> group.joints().stream())
            .toList();
    names =
        robot.jointNames().stream()
            .map(name -> joints.contains(name) ? name : "")
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    placeOf = new int[names.length];
  }

  @Override
  public long receive(MemorySegment cdr, long receivedNanos, long publisher) {
    message.decode(reader, cdr);
    int published = message.name.size();
    wantLength("positions", message.position.size(), published);
    wantLength("velocities", message.velocity.size(), message.velocity.size() == 0 ? 0 : published);
    wantLength("efforts", message.effort.size(), message.effort.size() == 0 ? 0 : published);
    findPlaces();
    long stamp = RosTime.nanos(message.header.stamp);
    for (int joint = 0; joint < placeOf.length; joint++) {
      if (placeOf[joint] >= 0) {
        double position = message.position.get(placeOf[joint]);
        states.check(joint, position, velocity(placeOf[joint]), stamp, receivedNanos, publisher);
      }
    }
    for (int joint = 0; joint < placeOf.length; joint++) {
      if (placeOf[joint] >= 0) {
        double position = message.position.get(placeOf[joint]);
        states.take(joint, position, velocity(placeOf[joint]), stamp, receivedNanos);
        states.takeEffort(joint, effort(placeOf[joint]));
      }
    }
    states.publish();
    return stamp;
  }

  private void wantLength(String what, int found, int wanted) {
    if (found != wanted) {
      throw new RosFault(
          "joint state: found %s names and %s %s, wanted as many; check the publisher"
              .formatted(message.name.size(), found, what));
    }
  }

  /** NaN where none was measured, as joint_state_broadcaster says it too. */
  private double velocity(int place) {
    double velocity = message.velocity.size() == 0 ? Double.NaN : message.velocity.get(place);
    if (!saidVelocities && Double.isNaN(velocity)) {
      saidVelocities = true;
      LOG.warn(
          "{}: joint '{}' has no velocity; where none is measured, the change of position is taken",
          topic,
          message.name.get(place));
    }
    return velocity;
  }

  /** NaN where none was measured. */
  private double effort(int place) {
    return message.effort.size() == 0 ? Double.NaN : message.effort.get(place);
  }

  private void findPlaces() {
    Arrays.fill(placeOf, -1);
    boolean any = false;
    for (int place = 0; place < message.name.size(); place++) {
      int joint = jointOf(message.name.get(place), place);
      if (joint >= 0) {
        if (placeOf[joint] >= 0) {
          throw new RosFault(
              "joint state: joint '%s' is there twice; two publishers may be merged wrongly"
                  .formatted(message.name.get(place)));
        }
        placeOf[joint] = place;
        any = true;
      }
    }
    if (!any && !saidStrangers) {
      saidStrangers = true;
      LOG.warn(
          "{}: joint states of {} alone; waiting for those of {}",
          topic,
          message.name.toList(),
          joints);
    }
  }

  /** The joint of that name, or -1. Publishers mostly keep to command order. */
  private int jointOf(Text name, int likely) {
    if (name.length() == 0) {
      return -1;
    }
    if (likely < names.length && name.contentEquals(names[likely])) {
      return likely;
    }
    for (int joint = 0; joint < names.length; joint++) {
      if (name.contentEquals(names[joint])) {
        return joint;
      }
    }
    return -1;
  }
}
