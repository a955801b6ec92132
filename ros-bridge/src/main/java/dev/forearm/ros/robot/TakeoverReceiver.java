package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.Takeover;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.runtime.signal.TakeoverSignal;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Merges what a person asks for on two topics into one signal, {@link TakeoverSignal}: a joint goes
 * where the last of both told it to. A twist tells all joints of the chain, a JointState those that
 * it names, and ends the twist if one of them is in the chain. After a pause of the timeout nothing
 * of what was before counts.
 *
 * <p>A message that is not wholly sound is refused wholly, and is no sign of life.
 *
 * <p>Owned by the transport's receive thread; allocates nothing but to refuse.
 */
final class TakeoverReceiver {
  private final Robot robot;
  private final Takeover takeover;
  private final SignalSlot slot;
  private final int joints;
  private final byte[][] names; // in command order
  private final boolean[] inChain;
  private final byte[] baseFrame;
  private final byte[] toolFrame;
  private final double[] values;
  private final double[] goals;
  private final JointState.Buffer targets = new JointState.Buffer();
  private final TwistStamped.Buffer twist = new TwistStamped.Buffer();
  private final CdrReader reader = new CdrReader();
  private final Source ofTargets = new Source();
  private final Source ofTwist = new Source();
  private long lastNanos = Long.MIN_VALUE;

  /** Who publishes on a topic. */
  private static final class Source {
    long publisher;
    long nanos = Long.MIN_VALUE;
  }

  TakeoverReceiver(Robot robot, Takeover takeover, SignalSlot slot) {
    this.robot = robot;
    this.takeover = takeover;
    this.slot = slot;
    joints = robot.jointCount();
    names = robot.jointNames().stream().map(TakeoverReceiver::utf8).toArray(byte[][]::new);
    inChain = new boolean[joints];
    for (ChainLink link : robot.chain()) {
      if (link.joint() != ChainLink.FIXED) {
        inChain[link.joint()] = true;
      }
    }
    baseFrame = utf8(robot.baseFrame());
    toolFrame = utf8(robot.toolFrame());
    values = new double[slot.width()];
    goals = new double[joints];
    Arrays.fill(values, 0, joints, Double.NaN);
  }

  long receiveTargets(MemorySegment cdr, long receivedNanos, long publisher) {
    targets.decode(reader, cdr);
    int named = targets.name.size();
    if (named == 0 || targets.position.size() != named) {
      throw new RosFault(
          "takeover: found %s joint names and %s positions, wanted as many and at least one"
              .formatted(named, targets.position.size()));
    }
    Arrays.fill(goals, Double.NaN);
    for (int i = 0; i < named; i++) {
      int joint = jointOf(targets.name.get(i));
      goals[joint] = sound(joint, targets.position.get(i));
    }
    begin(ofTargets, receivedNanos, publisher);
    for (int j = 0; j < joints; j++) {
      if (!Double.isNaN(goals[j])) {
        values[j] = goals[j];
        if (inChain[j]) {
          values[TakeoverSignal.twistNanos(joints)] = 0;
        }
      }
    }
    return write(RosTime.nanos(targets.header.stamp), receivedNanos);
  }

  long receiveTwist(MemorySegment cdr, long receivedNanos, long publisher) {
    twist.decode(reader, cdr);
    double frame = frame(twist.header.frameId);
    requireNumbers("linear", twist.twist.linear);
    requireNumbers("angular", twist.twist.angular);
    begin(ofTwist, receivedNanos, publisher);
    for (int j = 0; j < joints; j++) {
      values[j] = inChain[j] ? Double.NaN : values[j];
    }
    put(twist.twist.linear, TakeoverSignal.twist(joints));
    put(twist.twist.angular, TakeoverSignal.twist(joints) + 3);
    values[TakeoverSignal.frame(joints)] = frame;
    values[TakeoverSignal.twistNanos(joints)] = receivedNanos;
    return write(RosTime.nanos(twist.header.stamp), receivedNanos);
  }

  /** Goes on from a value of the signal. */
  void resume(double[] known, long receivedNanos) {
    System.arraycopy(known, 0, values, 0, values.length);
    lastNanos = receivedNanos;
  }

  /** A message is sound: it counts, unless it is of a second person. */
  private void begin(Source source, long receivedNanos, long publisher) {
    if (publisher != source.publisher && isFresh(source.nanos, receivedNanos)) {
      throw new RosFault(
          "takeover: two publishers at once on one topic, wanted one; the first one drives, stop the other");
    }
    source.publisher = publisher;
    source.nanos = receivedNanos;
    if (!isFresh(lastNanos, receivedNanos)) {
      Arrays.fill(values, 0, joints, Double.NaN);
      values[TakeoverSignal.twistNanos(joints)] = 0;
    }
    lastNanos = receivedNanos;
  }

  private long write(long stamp, long receivedNanos) {
    slot.write(values, 0, stamp, receivedNanos);
    return stamp;
  }

  private boolean isFresh(long thenNanos, long nowNanos) {
    return thenNanos > Long.MIN_VALUE && nowNanos - thenNanos <= takeover.timeoutNanos();
  }

  private int jointOf(Text name) {
    for (int joint = 0; joint < joints; joint++) {
      if (name.contentEquals(names[joint])) {
        if (!Double.isNaN(goals[joint])) {
          throw new RosFault("takeover: joint '%s' is there twice, wanted once".formatted(name));
        }
        return joint;
      }
    }
    throw new RosFault(
        "takeover: found joint '%s', wanted some of %s".formatted(name, robot.jointNames()));
  }

  private double sound(int place, double position) {
    Joint joint = robot.joints().get(place);
    double slack = robot.actionSlack() * (joint.positionMax() - joint.positionMin());
    if (!(position >= joint.positionMin() - slack && position <= joint.positionMax() + slack)) {
      throw new RosFault(
          "takeover: joint '%s' is to go to %s, wanted %s to %s %s"
              .formatted(
                  joint.name(),
                  position,
                  joint.positionMin(),
                  joint.positionMax(),
                  joint.unit().symbol()));
    }
    return position;
  }

  private double frame(Text frame) {
    if (frame.contentEquals(baseFrame)) {
      return TakeoverSignal.BASE;
    }
    if (frame.contentEquals(toolFrame)) {
      return TakeoverSignal.TOOL;
    }
    if (frame.length() > 0) {
      throw new RosFault(
          "takeover: found a twist in frame '%s', wanted %s"
              .formatted(frame, List.of(robot.baseFrame(), robot.toolFrame())));
    }
    return takeover.twistFrame().equals(robot.toolFrame())
        ? TakeoverSignal.TOOL
        : TakeoverSignal.BASE;
  }

  private static void requireNumbers(String part, Vector3.Buffer v) {
    if (!Double.isFinite(v.x) || !Double.isFinite(v.y) || !Double.isFinite(v.z)) {
      throw new RosFault(
          "takeover: the twist's %s part is %s %s %s, wanted numbers"
              .formatted(part, v.x, v.y, v.z));
    }
  }

  private void put(Vector3.Buffer v, int place) {
    values[place] = v.x;
    values[place + 1] = v.y;
    values[place + 2] = v.z;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
