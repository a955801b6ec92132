package dev.forearm.ros.robot;

import dev.forearm.ros.Publication;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.kinematics.ToolTravel;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TwistCorrection;
import dev.forearm.runtime.robot.TwistScale;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one joint group's commands as twists of the tool, for a servo that integrates them.
 *
 * <pre>
 *   twist = (pose commanded now - pose commanded with the last twist) / time between
 *           + bounded(gain (pose commanded lag ago - pose measured))     if a correction is wanted
 * </pre>
 *
 * The first part is the Jacobian times the commanded joint velocities, as the mean over the time
 * between: in sum it is the commanded motion, whatever the rate. A command at rest is a zero twist;
 * so is the first after commands start over, and the last: a servo goes on by the last that it
 * heard, so where commands end in motion one is sent that ends it.
 *
 * <p>Twists are stamped in the robot's own time, which is that of its newest joint state and what
 * has passed since. One thread's; allocates nothing.
 */
final class TwistPublisher {
  /** Without a command for this long and a period, the last twist is ended. */
  static final long QUIET_NANOS = 50_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(TwistPublisher.class);
  private static final int POSE = 7;
  private static final double SECOND = 1e9;

  private final CommandRoute.Twist route;
  private final Publication publication;
  private final SignalSlot jointState;
  private final SignalReading measured;
  private final long measuredMaxNanos; // older is nothing to go by
  private final SerialChain chain;
  private final CommandPace pace;
  private final boolean inTool;
  private final TwistStamped.Buffer message = new TwistStamped.Buffer();
  private final CdrWriter writer = new CdrWriter(256);
  private final double[][] commanded; // poses as of the last twists, from the newest on backwards
  private final double[] pose = new double[POSE];
  private final double[] twist = new double[6]; // m/s, rad/s
  private final double[] error = new double[6];
  private int newest;
  private boolean begun;
  private boolean moving;
  private long sentNanos;
  private long shortened;

  TwistPublisher(
      Robot robot, CommandRoute.Twist route, SignalSlot jointState, Publication publication) {
    this.route = route;
    this.publication = publication;
    this.jointState = jointState;
    measured = new SignalReading(jointState.width());
    measuredMaxNanos = robot.timeouts().jointStateNanos();
    chain = new SerialChain(robot);
    pace = new CommandPace(route.periodNanos(), robot.controlPeriodNanos());
    inTool = route.frame().equals(robot.toolFrame());
    message.header.frameId.assign(route.frame());
    long lag = route.correction().map(TwistCorrection::lagNanos).orElse(0L);
    commanded =
        new double[1 + Math.toIntExact(Math.round((double) lag / route.periodNanos()))][POSE];
  }

  /**
   * Publishes what is due of a command.
   *
   * @param positions in command order, rad or m
   * @param anew whether commands start over with this one
   * @param stampNanos on the runtime's clock
   * @throws RosFault if the transport refused it
   */
  void publish(double[] positions, boolean anew, long stampNanos) {
    boolean due = pace.takes(stampNanos);
    boolean starts = anew || !begun;
    if (!due && !starts) {
      return;
    }
    chain.toolPose(positions, pose);
    if (starts) {
      begun = true;
      sentNanos = stampNanos;
      for (double[] earlier : commanded) {
        System.arraycopy(pose, 0, earlier, 0, POSE);
      }
    }
    if (due) {
      move(stampNanos);
      send(stampNanos);
    }
  }

  /**
   * Ends the last twist if no command has come for too long; now and then.
   *
   * @throws RosFault if the transport refused it
   */
  void look(long nowNanos) {
    if (moving && nowNanos - sentNanos > route.periodNanos() + QUIET_NANOS) {
      stop(nowNanos);
    }
  }

  /**
   * Ends the last twist.
   *
   * @throws RosFault if the transport refused it
   */
  void stop(long nowNanos) {
    if (moving) {
      Arrays.fill(twist, 0);
      send(nowNanos);
    }
  }

  private void move(long stampNanos) {
    ToolTravel.between(commanded[newest], pose, twist);
    double perSecond = SECOND / Math.max(route.periodNanos(), stampNanos - sentNanos);
    for (int i = 0; i < twist.length; i++) {
      twist[i] *= perSecond;
    }
    newest = (newest + commanded.length - 1) % commanded.length;
    System.arraycopy(pose, 0, commanded[newest], 0, POSE);
    if (route.correction().isPresent()) {
      correct(route.correction().get(), stampNanos);
    }
    if (inTool) {
      ToolTravel.turnToTool(commanded[newest], twist);
    }
    if (route.scale().isPresent()) {
      scale(route.scale().get());
    }
  }

  private void correct(TwistCorrection correction, long stampNanos) {
    boolean known = jointState.read(measured);
    if (!known || stampNanos - measured.receivedNanos() > measuredMaxNanos) {
      return;
    }
    chain.toolPose(measured.values(), pose);
    int oldest = (newest + commanded.length - 1) % commanded.length;
    ToolTravel.between(pose, commanded[oldest], error);
    add(0, correction.gain(), correction.linearMax());
    add(3, correction.gain(), correction.angularMax());
  }

  private void add(int offset, double gain, double most) {
    double x = error[offset];
    double y = error[offset + 1];
    double z = error[offset + 2];
    double speed = gain * Math.sqrt(x * x + y * y + z * z);
    double factor = gain * most / Math.max(most, speed);
    for (int i = offset; i < offset + 3; i++) {
      twist[i] += factor * error[i];
    }
  }

  /** A servo takes nothing beyond 1: what is too fast is slowed as a whole, and keeps its way. */
  private void scale(TwistScale scale) {
    double most = 1;
    for (int i = 0; i < twist.length; i++) {
      twist[i] /= i < 3 ? scale.linear() : scale.angular();
      most = Math.max(most, Math.abs(twist[i]));
    }
    for (int i = 0; i < twist.length; i++) {
      twist[i] /= most;
    }
    if (most > 1) {
      shortened++;
      if (Long.bitCount(shortened) == 1) {
        LOG.warn(
            "{}: a twist was {} times as fast as its scale allows, and slowed ({} so far); the tool falls behind",
            route.topic(),
            most,
            shortened);
      }
    }
  }

  private void send(long nowNanos) {
    boolean known = jointState.read(measured);
    boolean stamped = known && measured.stampNanos() != 0;
    long stamp = stamped ? measured.stampNanos() + nowNanos - measured.receivedNanos() : 0;
    RosTime.set(message.header.stamp, stamp);
    put(message.twist.linear, 0);
    put(message.twist.angular, 3);
    message.encode(writer);
    publication.publish(writer);
    sentNanos = nowNanos;
    moving = false;
    for (double part : twist) {
      moving |= part != 0;
    }
  }

  private void put(Vector3.Buffer vector, int offset) {
    vector.x = twist[offset];
    vector.y = twist[offset + 1];
    vector.z = twist[offset + 2];
  }
}
