package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts object poses into their slots: a geometry_msgs/PoseArray in the robot's base frame, whose
 * order a latched std_msgs/String of comma-separated names gives. Poses that come before their
 * names wait for the next message.
 */
final class ObjectsReceiver {
  private final RobotSignals signals;
  private final java.lang.String baseFrame;
  private final byte[] baseFrameUtf8;
  private final double[] pose = new double[RobotSignals.POSE_WIDTH];
  private final PoseArray.Buffer message = new PoseArray.Buffer();
  private final CdrReader reader = new CdrReader();
  private @Nullable SignalSlot[] slots = {};
  private boolean named;

  ObjectsReceiver(Robot robot, RobotSignals signals) {
    this.signals = signals;
    baseFrame = robot.baseFrame();
    baseFrameUtf8 = baseFrame.getBytes(StandardCharsets.UTF_8);
  }

  long receiveNames(MemorySegment cdr, long receivedNanos) {
    List<java.lang.String> names = List.of(String.decode(cdr).data().split(",", -1));
    if (names.stream().distinct().count() != names.size()) {
      throw new RosFault("object names: found a name twice in %s".formatted(names));
    }
    slots = new SignalSlot[names.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = signals.observes(names.get(i)) ? signals.object(names.get(i)) : null;
    }
    named = true;
    return 0;
  }

  long receivePoses(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    long stamp = RosTime.nanos(message.header.stamp);
    if (!named) {
      return stamp;
    }
    if (message.poses.size() != slots.length) {
      throw new RosFault(
          "objects: found %s poses, wanted %s as object names say; publish the names anew"
              .formatted(message.poses.size(), slots.length));
    }
    if (!message.header.frameId.contentEquals(baseFrameUtf8)) {
      throw new RosFault(
          "objects: found poses in frame '%s', wanted '%s'; transform them before publishing"
              .formatted(message.header.frameId, baseFrame));
    }
    for (int i = 0; i < slots.length; i++) {
      SignalSlot slot = slots[i];
      if (slot != null) {
        take(message.poses.get(i));
        slot.write(pose, 0, stamp, receivedNanos);
      }
    }
    return stamp;
  }

  private void take(Pose.Buffer from) {
    pose[0] = from.position.x;
    pose[1] = from.position.y;
    pose[2] = from.position.z;
    pose[3] = from.orientation.w;
    pose[4] = from.orientation.x;
    pose[5] = from.orientation.y;
    pose[6] = from.orientation.z;
  }
}
