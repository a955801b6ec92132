package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.ros.tf.FrameTransform;
import dev.forearm.ros.tf.Lookup;
import dev.forearm.ros.tf.TransformBuffer;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts object poses into their slots: a geometry_msgs/PoseArray whose order a std_msgs/String of
 * names, separated by commas or spaces, gives. Poses that come before their names wait for the next
 * message. An object whose pose is none is refused by name; the others are taken, so that one that
 * a camera lost does not hide them.
 *
 * <p>Poses in another frame than the robot's base are taken there by what {@code /tf} says of the
 * time they are of. That comes a little later than they do when a camera is quicker than the robot:
 * the newest message then waits for it.
 */
final class ObjectsReceiver {
  /** How far a quaternion's length may be from 1: rounding to a few digits, but no more. */
  private static final double LENGTH_TOLERANCE = 1e-2;

  /** Nearer than this to 1, single precision included, a length is left as it is. */
  private static final double LENGTH_PRECISION = 1e-6;

  /** How far transforms may be behind poses: a camera whose clock is ahead would wait for ever. */
  private static final long WAIT_NANOS = 500_000_000;

  private final RobotSignals signals;
  private final java.lang.String baseFrame;
  private final Text base = new Text();
  private final Optional<TransformBuffer> transforms;
  private final FrameTransform baseFromFrame = new FrameTransform();
  private final FrameTransform scratch = new FrameTransform();
  private PoseArray.Buffer waiting = new PoseArray.Buffer(); // for its transform
  private boolean waits;
  private long waitingSinceNanos;
  private final double[] pose = new double[RobotSignals.POSE_WIDTH];
  private PoseArray.Buffer message = new PoseArray.Buffer();
  private final CdrReader reader = new CdrReader();
  private @Nullable SignalSlot[] slots = {};
  private List<java.lang.String> names = List.of();

  /**
   * @param transforms between frames, kept up to date by the same thread; empty where nobody
   *     listens
   */
  ObjectsReceiver(Robot robot, RobotSignals signals, Optional<TransformBuffer> transforms) {
    this.signals = signals;
    this.transforms = transforms;
    baseFrame = robot.baseFrame();
    base.assign(baseFrame);
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
    waits = false;
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
    waits = !knowsFrame(stamp);
    if (waits) {
      PoseArray.Buffer free = waiting;
      waiting = message;
      message = free;
      waitingSinceNanos = receivedNanos;
      return stamp;
    }
    int refused = write(message, receivedNanos);
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

  /** Transforms have come: takes the poses that wait, if theirs is there now. */
  void transformed() {
    if (waits && lookup(waiting.header) == Lookup.FOUND) {
      waits = false;
      int _ = write(waiting, waitingSinceNanos);
    }
  }

  /** Has poses wait no more: an episode begins, in which they did not come. */
  void forget() {
    waits = false;
  }

  /**
   * Whether the message's frame is known in the base frame by now.
   *
   * @throws RosFault if it is not, and waiting does not help
   */
  private boolean knowsFrame(long stamp) {
    Text frame = message.header.frameId;
    if (transforms.isEmpty() && !frame.contentEquals(base)) {
      throw new RosFault(
          "objects: found poses in frame '%s', wanted '%s'; set 'transforms: true' among the robot file's topics, or transform them before publishing"
              .formatted(frame, baseFrame));
    }
    Lookup found = lookup(message.header);
    if (found == Lookup.FOUND) {
      return true;
    }
    if (found == Lookup.TOO_LATE && stamp - newestNanos(frame) <= WAIT_NANOS) {
      return false;
    }
    throw new RosFault(
        "objects: poses in frame '%s' at %s s cannot be had in '%s': %s; see what /tf and /tf_static say"
            .formatted(frame, stamp / 1e9, baseFrame, found.meaning()));
  }

  /** Finds what takes poses of that frame and time to the base frame. */
  private Lookup lookup(Header.Buffer header) {
    return transforms.isEmpty()
        ? Lookup.FOUND
        : transforms.get().find(base, header.frameId, RosTime.nanos(header.stamp), baseFromFrame);
  }

  private long newestNanos(Text frame) {
    Lookup _ = transforms.orElseThrow().find(base, frame, TransformBuffer.LATEST, baseFromFrame);
    return baseFromFrame.stampNanos();
  }

  /** Writes the poses that are some; gives the place of one that is none, or -1. */
  private int write(PoseArray.Buffer from, long receivedNanos) {
    boolean elsewhere = !from.header.frameId.contentEquals(base);
    long stamp = RosTime.nanos(from.header.stamp);
    int refused = -1;
    for (int i = 0; i < slots.length; i++) {
      SignalSlot slot = slots[i];
      if (slot != null && take(from.poses.get(i))) {
        if (elsewhere) {
          baseFromFrame.apply(pose, scratch);
        }
        slot.write(pose, 0, stamp, receivedNanos);
      } else if (slot != null) {
        refused = i;
      }
    }
    return refused;
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
