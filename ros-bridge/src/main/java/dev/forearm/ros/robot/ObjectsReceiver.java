package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts object poses into their slots: a geometry_msgs/PoseArray in the robot's base frame, whose
 * order a std_msgs/String of names, separated by commas or spaces, gives. Poses that come before
 * their names wait for the next message. An object whose pose is none is refused by name; the
 * others are taken, so that one that a camera lost does not hide them.
 */
final class ObjectsReceiver {
  /** How far a quaternion's length may be from 1: rounding to a few digits, but no more. */
  private static final double LENGTH_TOLERANCE = 1e-2;

  /** Nearer than this to 1, single precision included, a length is left as it is. */
  private static final double LENGTH_PRECISION = 1e-6;

  private final RobotSignals signals;
  private final java.lang.String baseFrame;
  private final byte[] baseFrameUtf8;
  private final double[] pose = new double[RobotSignals.POSE_WIDTH];
  private final PoseArray.Buffer message = new PoseArray.Buffer();
  private final CdrReader reader = new CdrReader();
  private @Nullable SignalSlot[] slots = {};
  private List<java.lang.String> names = List.of();

  ObjectsReceiver(Robot robot, RobotSignals signals) {
    this.signals = signals;
    baseFrame = robot.baseFrame();
    baseFrameUtf8 = baseFrame.getBytes(StandardCharsets.UTF_8);
  }

  long receiveNames(MemorySegment cdr, long receivedNanos, long publisher) {
    List<java.lang.String> listed = listed(cdr);
    if (listed.isEmpty() || listed.stream().distinct().count() != listed.size()) {
      throw new RosFault("object names: found %s, wanted each name once".formatted(listed));
    }
    slots = new SignalSlot[listed.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = signals.observes(listed.get(i)) ? signals.object(listed.get(i)) : null;
    }
    names = listed;
    return 0;
  }

  /** Whether these names are those already in force. */
  boolean repeatsNames(MemorySegment cdr) {
    return listed(cdr).equals(names);
  }

  /** The names of a message. */
  static List<java.lang.String> listed(MemorySegment cdr) {
    return Arrays.stream(String.decode(cdr).data().split("[,\\s]+"))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  long receivePoses(MemorySegment cdr, long receivedNanos, long publisher) {
    message.decode(reader, cdr);
    long stamp = RosTime.nanos(message.header.stamp);
    if (names.isEmpty()) {
      return stamp;
    }
    if (message.poses.size() != slots.length) {
      throw new RosFault(
          "objects: found %s poses, wanted %s as object names say, %s; publish the names anew"
              .formatted(message.poses.size(), slots.length, names));
    }
    if (!message.header.frameId.contentEquals(baseFrameUtf8)) {
      throw new RosFault(
          "objects: found poses in frame '%s', wanted '%s'; transform them before publishing"
              .formatted(message.header.frameId, baseFrame));
    }
    int refused = -1;
    for (int i = 0; i < slots.length; i++) {
      SignalSlot slot = slots[i];
      if (slot != null && take(message.poses.get(i))) {
        slot.write(pose, 0, stamp, receivedNanos);
      } else if (slot != null) {
        refused = i;
      }
    }
    if (refused >= 0) {
      Pose.Buffer wrong = message.poses.get(refused);
      throw new RosFault(
          "objects: '%s' is at %s %s %s with a quaternion of length %s, wanted numbers and length 1"
              .formatted(
                  names.get(refused),
                  wrong.position.x,
                  wrong.position.y,
                  wrong.position.z,
                  length(wrong.orientation)));
    }
    return stamp;
  }

  /** Whether this is a pose; it then is in {@link #pose}. */
  private boolean take(Pose.Buffer from) {
    double length = length(from.orientation);
    if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) {
      return false;
    }
    double scale = Math.abs(length - 1) <= LENGTH_PRECISION ? 1 : 1 / length;
    pose[0] = from.position.x;
    pose[1] = from.position.y;
    pose[2] = from.position.z;
    pose[3] = scale * from.orientation.w;
    pose[4] = scale * from.orientation.x;
    pose[5] = scale * from.orientation.y;
    pose[6] = scale * from.orientation.z;
    return Double.isFinite(pose[0]) && Double.isFinite(pose[1]) && Double.isFinite(pose[2]);
  }

  private static double length(Quaternion.Buffer q) {
    return Math.sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
  }
}
