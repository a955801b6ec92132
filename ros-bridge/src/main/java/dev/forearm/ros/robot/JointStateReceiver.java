package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Puts /joint_states in command order into its slots. Joints are matched by name, whatever their
 * order; joints that the robot file does not list are passed over. Velocities that the robot does
 * not publish are NaN, so that a policy which asks for them is refused and not fed zeros.
 */
final class JointStateReceiver implements Receiver {
  private final RobotSignals signals;
  private final List<String> joints;
  private final byte[][] names;
  private final int[] placeOf;
  private final double[] values;
  private final double[] efforts;
  private final JointState.Buffer message = new JointState.Buffer();
  private final CdrReader reader = new CdrReader();
  private int knownNames = -1;

  JointStateReceiver(Robot robot, RobotSignals signals) {
    this.signals = signals;
    joints = robot.jointNames();
    names = joints.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    placeOf = new int[names.length];
    values = new double[2 * names.length];
    efforts = new double[names.length];
  }

  @Override
  public long receive(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    if (!orderStillHolds()) {
      findOrder();
    }
    int published = message.name.size();
    if (message.position.size() != published) {
      throw new RosFault(
          "joint state: found %d names and %d positions, wanted as many; check the publisher"
              .formatted(published, message.position.size()));
    }
    boolean hasVelocity = message.velocity.size() == published;
    int joints = names.length;
    for (int j = 0; j < joints; j++) {
      values[j] = message.position.get(placeOf[j]);
      values[joints + j] = hasVelocity ? message.velocity.get(placeOf[j]) : Double.NaN;
    }
    long stamp = RosTime.nanos(message.header.stamp);
    signals.jointState().write(values, 0, stamp, receivedNanos);
    if (message.effort.size() == published) {
      for (int j = 0; j < joints; j++) {
        efforts[j] = message.effort.get(placeOf[j]);
      }
      signals.jointEffort().write(efforts, 0, stamp, receivedNanos);
    }
    return stamp;
  }

  private boolean orderStillHolds() {
    if (message.name.size() != knownNames) {
      return false;
    }
    for (int j = 0; j < names.length; j++) {
      if (!message.name.get(placeOf[j]).contentEquals(names[j])) {
        return false;
      }
    }
    return true;
  }

  private void findOrder() {
    knownNames = -1;
    Arrays.fill(placeOf, -1);
    for (int place = 0; place < message.name.size(); place++) {
      for (int j = 0; j < names.length; j++) {
        if (message.name.get(place).contentEquals(names[j])) {
          if (placeOf[j] >= 0) {
            throw new RosFault(
                "joint state: joint '%s' is there twice; two publishers may be merged wrongly"
                    .formatted(joints.get(j)));
          }
          placeOf[j] = place;
        }
      }
    }
    for (int j = 0; j < names.length; j++) {
      if (placeOf[j] < 0) {
        throw new RosFault(
            "joint state: joint '%s' is missing, found %s; correct the robot file's joint names"
                .formatted(joints.get(j), message.name.toList()));
      }
    }
    knownNames = message.name.size();
  }
}
