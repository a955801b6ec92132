package dev.forearm.runtime.control;

import dev.forearm.runtime.kinematics.DampedInverse;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.Takeover;
import dev.forearm.runtime.safety.Braking;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.runtime.signal.TakeoverSignal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A person in the policy's place. Decides whether one has taken the arm over, and turns what they
 * ask for into velocities of the joints, which start from those that the arm has. Control thread;
 * never allocates.
 *
 * <pre>
 *            a message, while the arm holds or runs
 *   policy -----------------------------------------&gt; person
 *      ^                                                |
 *      +------- released; engaged or let go anew -------+
 * </pre>
 *
 * <p>Silence gives nothing back: the arm then holds. After a release a stream that goes on does not
 * count before it has paused for the timeout, so that the last messages of a device do not take the
 * arm over again; no more does one that was there when the arm was engaged, as nobody may be
 * holding the device.
 */
final class Teleoperation {
  /** Share of each joint's acceleration that a person's motion uses: the rest is the filter's. */
  private static final double GENTLE = 0.5;

  private static final Driver NOBODY = new Driver.Nobody();

  private final @Nullable SignalSlot slot; // null: nobody may drive
  private final SignalReading asked;
  private final Driver.Human person;
  private final long timeoutNanos;
  private final double linearMax;
  private final double angularMax;
  private final int joints;
  private final double period;
  private final double[] min;
  private final double[] max;
  private final double[] speedMax;
  private final double[] step; // of speed in a cycle
  private final DampedInverse inverse;
  private final double[] twist = new double[6];
  private final double[] wanted;
  private boolean takenOver;
  private boolean muted;

  Teleoperation(Robot robot, RobotSignals signals) {
    Takeover takeover = robot.takeover().orElse(null);
    slot = signals.takeover().orElse(null);
    joints = robot.jointCount();
    asked = new SignalReading(TakeoverSignal.width(joints));
    person = new Driver.Human(takeover == null ? "" : takeover.person());
    timeoutNanos = takeover == null ? 0 : takeover.timeoutNanos();
    linearMax = takeover == null ? 0 : takeover.linearMax();
    angularMax = takeover == null ? 0 : takeover.angularMax();
    double share = takeover == null ? 0 : takeover.speedShare();
    period = robot.controlPeriodNanos() * 1e-9;
    min = robot.joints().stream().mapToDouble(Joint::positionMin).toArray();
    max = robot.joints().stream().mapToDouble(Joint::positionMax).toArray();
    speedMax = robot.joints().stream().mapToDouble(j -> share * j.velocityMax()).toArray();
    step =
        robot.joints().stream().mapToDouble(j -> GENTLE * j.accelerationMax() * period).toArray();
    inverse = new DampedInverse(robot);
    wanted = new double[joints];
  }

  /**
   * Takes note of what a person says; once a cycle.
   *
   * @param mayTake whether the arm is in a state in which it can be taken over
   */
  void listen(long now, boolean mayTake) {
    if (slot == null) {
      return;
    }
    slot.read(asked);
    boolean speaks = speaks(now);
    muted &= speaks;
    takenOver |= speaks && !muted && mayTake;
  }

  /** Gives the arm back to its policy. */
  void release() {
    takenOver = false;
    muted = true;
  }

  /** Whether a person has the arm, silent or not. */
  boolean takenOver() {
    return takenOver;
  }

  /** Whether the person who has the arm lets it run. */
  SafetyReason trouble(long now) {
    return speaks(now) ? SafetyReason.TAKEN_OVER : SafetyReason.PERSON_SILENT;
  }

  /** Who drives in the policy's place; null: the policy drives. */
  @Nullable Driver driver(long now) {
    if (!takenOver) {
      return null;
    }
    return speaks(now) ? person : NOBODY;
  }

  /** Who that is. */
  String name() {
    return person.name();
  }

  /** Number of the newest thing asked for; 0 if there is none. */
  long asked() {
    return asked.sequence();
  }

  /**
   * The velocities for this cycle.
   *
   * @param position of the joints, rad or m
   * @param velocity of the joints in the cycle before, rad/s or m/s
   * @return rad/s or m/s; its own array
   */
  double[] velocities(long now, double[] position, double[] velocity) {
    double[] values = asked.values();
    if (now - (long) values[TakeoverSignal.twistNanos(joints)] <= timeoutNanos) {
      followTwist(position, values);
    } else {
      Arrays.fill(wanted, 0);
    }
    approach(velocity);
    for (int j = 0; j < joints; j++) {
      if (!Double.isNaN(values[j])) {
        double gap = Math.clamp(values[j], min[j], max[j]) - position[j];
        double speed = Braking.speedWithin(Math.abs(gap), step[j], period);
        speed = Math.copySign(Math.min(speed, speedMax[j]), gap);
        wanted[j] = Math.clamp(speed, velocity[j] - step[j], velocity[j] + step[j]);
      }
    }
    return wanted;
  }

  private void followTwist(double[] position, double[] values) {
    System.arraycopy(values, TakeoverSignal.twist(joints), twist, 0, twist.length);
    shorten(0, linearMax);
    shorten(3, angularMax);
    boolean inTool = values[TakeoverSignal.frame(joints)] == TakeoverSignal.TOOL;
    inverse.solve(position, twist, inTool, wanted);
    double share = 1;
    for (int j = 0; j < joints; j++) {
      share = Math.min(share, speedMax[j] / Math.abs(wanted[j]));
    }
    for (int j = 0; j < joints; j++) {
      wanted[j] *= share;
    }
  }

  /** All joints gain speed alike, as fast as the slowest of them can: the tool keeps its way. */
  private void approach(double[] velocity) {
    double share = 1;
    for (int j = 0; j < joints; j++) {
      share = Math.min(share, step[j] / Math.abs(wanted[j] - velocity[j]));
    }
    for (int j = 0; j < joints; j++) {
      wanted[j] = velocity[j] + share * (wanted[j] - velocity[j]);
    }
  }

  private void shorten(int offset, double most) {
    double x = twist[offset];
    double y = twist[offset + 1];
    double z = twist[offset + 2];
    double length = Math.max(most, Math.sqrt(x * x + y * y + z * z));
    for (int i = offset; i < offset + 3; i++) {
      twist[i] *= most / length;
    }
  }

  private boolean speaks(long now) {
    return asked.sequence() > 0 && now - asked.receivedNanos() <= timeoutNanos;
  }
}
