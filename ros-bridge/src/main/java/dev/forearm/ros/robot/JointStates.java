package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.JointGroupContact;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Arrays;
import java.util.List;

/**
 * What is known of each joint, merged from all topics and publishers that tell of it, and put into
 * the robot's joint state once every joint has been heard of. The joint state is as old as the
 * joint that was heard of least recently; one of a group whose state may be older than others'
 * counts as that much younger. A joint that was not heard of for as long as its state may be old
 * starts anew, so that a robot whose clock was set back or whose driver was started again is out
 * for that long only.
 *
 * <p>Of a joint without a measured velocity the change of position is taken, smoothed by a
 * first-order filter of {@value #SMOOTHING_SECONDS} s; 0 at first.
 *
 * <p>Efforts are shown once one was measured, NaN where none is.
 *
 * <p>Owned by the transport's receive thread; allocates nothing but to refuse.
 */
final class JointStates {
  private static final double SMOOTHING_SECONDS = 0.02;
  private static final long CONTEST_NANOS = 1_000_000_000;
  private static final double NANO = 1e-9;
  private static final long NEVER = Long.MIN_VALUE;

  private final List<String> names;
  private final RobotSignals signals;
  private final List<JointGroup> groups;
  private final int[][] places; // of each group's joints
  private final JointGroupContact[] contacts; // of each group
  private final long[] patienceNanos; // for each joint
  private final long[] grantedNanos; // how much longer that is than others'

  private final double[] values; // positions, then velocities
  private final double[] efforts;
  private final long[] receivedNanos;
  private final long[] stampNanos;
  private final long[] lastPublishers; // of what was refused as well
  private final long[] lastNanos;
  private final long[] contestedNanos; // when the publisher last was another than before
  private long publishedNanos = NEVER; // of the joint that was heard of least recently
  private boolean measuresEfforts;
  private int unheard;
  private int unheardBefore;

  JointStates(Robot robot, RobotSignals signals) {
    this.signals = signals;
    contacts = signals.groups().toArray(JointGroupContact[]::new);
    names = robot.jointNames();
    groups = robot.groups();
    places = groups.stream().map(robot::places).toArray(int[][]::new);
    patienceNanos = new long[names.size()];
    grantedNanos = new long[names.size()];
    long others = robot.timeouts().jointStateNanos();
    for (int group = 0; group < places.length; group++) {
      for (int joint : places[group]) {
        patienceNanos[joint] = robot.statesTimeoutNanos(groups.get(group));
        grantedNanos[joint] = patienceNanos[joint] - others;
      }
    }
    values = new double[2 * names.size()];
    efforts = new double[names.size()];
    receivedNanos = new long[names.size()];
    stampNanos = new long[names.size()];
    lastPublishers = new long[names.size()];
    lastNanos = new long[names.size()];
    contestedNanos = new long[names.size()];
    Arrays.fill(efforts, Double.NaN);
    Arrays.fill(receivedNanos, NEVER);
    Arrays.fill(lastNanos, NEVER);
    Arrays.fill(contestedNanos, NEVER);
    unheard = names.size();
    unheardBefore = unheard;
  }

  /**
   * Whether a joint may be told of so.
   *
   * @param velocity NaN if it was not measured
   * @param stamp in ROS time, nanoseconds; 0 if there is none
   * @throws RosFault if a number is none, if another publisher told of the joint within the last
   *     second, or if a later time was told of before
   */
  void check(
      int joint, double position, double velocity, long stamp, long received, long publisher) {
    if (!Double.isFinite(position) || Double.isInfinite(velocity)) {
      throw new RosFault(
          "joint state: joint '%s' is at %s and moves by %s a second, wanted numbers"
              .formatted(names.get(joint), position, velocity));
    }
    if (publisher != lastPublishers[joint] && isFresh(joint, lastNanos[joint], received)) {
      contestedNanos[joint] = received;
    }
    lastPublishers[joint] = publisher;
    lastNanos[joint] = received;
    if (contestedNanos[joint] != NEVER && received - contestedNanos[joint] <= CONTEST_NANOS) {
      throw new RosFault(
          "joint state: joint '%s' is told of by two publishers at once, wanted one; stop the other"
              .formatted(names.get(joint)));
    }
    if (stamp != 0 && stamp < stampNanos[joint] && isFresh(joint, receivedNanos[joint], received)) {
      throw new RosFault(
          "joint state: joint '%s' steps back in time by %s ns; one publisher with one clock is wanted for a joint"
              .formatted(names.get(joint), stampNanos[joint] - stamp));
    }
  }

  /**
   * Takes over what was checked.
   *
   * @param velocity NaN if it was not measured
   */
  void take(int joint, double position, double velocity, long stamp, long received) {
    int velocityPlace = names.size() + joint;
    if (!Double.isNaN(velocity)) {
      values[velocityPlace] = velocity;
    } else if (!isFresh(joint, receivedNanos[joint], received)) {
      values[velocityPlace] = 0;
    } else {
      boolean stamped = stamp != 0 && stampNanos[joint] != 0;
      long elapsed = stamped ? stamp - stampNanos[joint] : received - receivedNanos[joint];
      if (elapsed > 0) {
        double seconds = elapsed * NANO;
        double change = (position - values[joint]) / seconds;
        values[velocityPlace] +=
            (change - values[velocityPlace]) * seconds / (seconds + SMOOTHING_SECONDS);
      }
    }
    values[joint] = position;
    unheard -= receivedNanos[joint] == NEVER ? 1 : 0;
    receivedNanos[joint] = received;
    stampNanos[joint] = stamp;
  }

  /**
   * Takes over a joint's effort, Nm or N.
   *
   * @param effort NaN if it was not measured
   */
  void takeEffort(int joint, double effort) {
    efforts[joint] = effort;
    measuresEfforts |= !Double.isNaN(effort);
  }

  /** Shows the loops what was taken. */
  void publish() {
    for (int group = 0; group < contacts.length; group++) {
      long oldest = Long.MAX_VALUE;
      for (int joint : places[group]) {
        oldest = Math.min(oldest, granted(joint, receivedNanos[joint]));
      }
      contacts[group].heard(oldest);
    }
    if (unheard == 0) {
      long stamp = oldest(stampNanos);
      long received = oldest(receivedNanos);
      signals.jointState().write(values, 0, stamp, received);
      if (measuresEfforts) {
        signals.jointEffort().write(efforts, 0, stamp, received);
      }
      if (received != publishedNanos) {
        publishedNanos = received;
        signals.jointStateBell().ring();
      }
    }
    if (unheard != unheardBefore) {
      unheardBefore = unheard;
      nameTheUnheard();
    }
  }

  /**
   * What is known of each joint, to be taken up by {@link #thaw}: bits of the positions, velocities
   * and efforts, then arrivals and stamps.
   */
  long[] freeze() {
    int joints = names.size();
    long[] frozen = new long[5 * joints];
    for (int i = 0; i < 2 * joints; i++) {
      frozen[i] = Double.doubleToRawLongBits(values[i]);
    }
    for (int joint = 0; joint < joints; joint++) {
      frozen[2 * joints + joint] = Double.doubleToRawLongBits(efforts[joint]);
      frozen[3 * joints + joint] = receivedNanos[joint];
      frozen[4 * joints + joint] = stampNanos[joint];
    }
    return frozen;
  }

  /**
   * Goes on from there.
   *
   * @throws RosFault if it is of another number of joints
   */
  void thaw(long[] frozen) {
    int joints = names.size();
    if (frozen.length != 5 * joints) {
      throw new RosFault(
          "joint states: found %s numbers of what was known, wanted %s; it is another robot's"
              .formatted(frozen.length, 5 * joints));
    }
    for (int i = 0; i < 2 * joints; i++) {
      values[i] = Double.longBitsToDouble(frozen[i]);
    }
    unheard = 0;
    for (int joint = 0; joint < joints; joint++) {
      takeEffort(joint, Double.longBitsToDouble(frozen[2 * joints + joint]));
      receivedNanos[joint] = frozen[3 * joints + joint];
      stampNanos[joint] = frozen[4 * joints + joint];
      unheard += receivedNanos[joint] == NEVER ? 1 : 0;
    }
  }

  /** Of a group that is heard of in part, the rest is to blame. */
  private void nameTheUnheard() {
    for (int group = 0; group < contacts.length; group++) {
      JointGroup named = groups.get(group);
      List<String> silent =
          named.joints().stream()
              .filter(joint -> receivedNanos[names.indexOf(joint)] == NEVER)
              .toList();
      boolean inPart = !silent.isEmpty() && silent.size() < named.joints().size();
      contacts[group].blame(inPart ? named.name() + ": " + silent : named.name());
    }
  }

  private boolean isFresh(int joint, long thenNanos, long nowNanos) {
    return thenNanos != NEVER && nowNanos - thenNanos <= patienceNanos[joint];
  }

  private long oldest(long[] nanos) {
    long oldest = Long.MAX_VALUE;
    long newest = NEVER;
    for (int joint = 0; joint < nanos.length; joint++) {
      oldest = Math.min(oldest, granted(joint, nanos[joint]));
      newest = Math.max(newest, nanos[joint]);
    }
    return Math.min(oldest, newest); // what is granted makes nothing newer than it came
  }

  /** A time as it counts; one that was never, or of no stamp, stays what it is. */
  private long granted(int joint, long nanos) {
    return nanos == NEVER || nanos == 0 ? nanos : nanos + grantedNanos[joint];
  }
}
