package dev.forearm.sim.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.runtime.kinematics.DampedInverse;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TwistScale;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.sim.scene.ArmDrive;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A servo before a controller: takes twists of the tool and commands joints, as MoveIt Servo does.
 * Each period it moves the joints on by the newest twist, damped near singularities and never
 * faster than they may go, from where it had them. A twist whose stamp is older than {@link
 * #STALE_NANOS} moves nothing; the next fresh one begins where the joints are.
 */
final class TwistInbox implements Inbox {
  /** The default {@code incoming_command_timeout} of MoveIt Servo. */
  static final long STALE_NANOS = 100_000_000;

  private static final long PERIOD_NANOS = 10_000_000;
  private static final double SECONDS = 1e-9;
  private static final int ROWS = 6;

  private final Robot robot;
  private final CommandRoute.Twist route;
  private final int[] placeOf; // among the robot's joints, in the controller's order
  private final SignalSlot twists = new SignalSlot("twist", ROWS + 1); // 1: in the tool's frame
  private final SignalReading newest = new SignalReading(ROWS + 1);
  private final TwistStamped.Buffer message = new TwistStamped.Buffer();
  private final CdrReader reader = new CdrReader();
  private final double[] received = new double[ROWS + 1];
  private final DampedInverse inverse;
  private final double[] twist = new double[ROWS];
  private final double[] at; // of all joints, command order
  private final double[] velocities;
  private final double[] command;
  private final Subscription subscription;
  private boolean moving;
  private long dueNanos;
  private long discarded;

  /**
   * @param joints of the controller
   */
  TwistInbox(RosTransport transport, Robot robot, List<String> joints, CommandRoute.Twist route) {
    this.robot = robot;
    this.route = route;
    placeOf = joints.stream().mapToInt(robot::jointIndex).toArray();
    inverse = new DampedInverse(robot);
    at = new double[robot.jointCount()];
    velocities = new double[robot.jointCount()];
    command = new double[placeOf.length];
    subscription =
        transport.subscribe(route.topic(), TwistStamped.TYPE, Qos.COMMAND, this::onTwist);
  }

  @Override
  public void drain(ArmDrive drive, long nowNanos, long rosNanos) {
    boolean fresh =
        twists.read(newest)
            && newest.sequence() != discarded
            && rosNanos - newest.stampNanos() < STALE_NANOS;
    if (!fresh) {
      moving = false;
      return;
    }
    if (!moving) {
      moving = true;
      dueNanos = nowNanos;
      for (int i = 0; i < placeOf.length; i++) {
        at[placeOf[i]] = drive.position(i);
      }
    }
    if (nowNanos >= dueNanos) {
      dueNanos += PERIOD_NANOS;
      moveOn();
      drive.command(command, nowNanos);
    }
  }

  @Override
  public void discard() {
    moving = false;
    discarded = twists.read(newest) ? newest.sequence() : 0;
  }

  @Override
  public int commanders() {
    return subscription.publishers();
  }

  @Override
  public void close() {
    subscription.close();
  }

  private void moveOn() {
    System.arraycopy(newest.values(), 0, twist, 0, ROWS);
    inverse.solve(at, twist, newest.values()[ROWS] == 1, velocities);
    double slowed = 1;
    for (int place : placeOf) {
      double most = robot.joints().get(place).velocityMax();
      slowed = Math.max(slowed, Math.abs(velocities[place]) / most);
    }
    for (int i = 0; i < placeOf.length; i++) {
      int place = placeOf[i];
      Joint joint = robot.joints().get(place);
      double next = at[place] + velocities[place] / slowed * PERIOD_NANOS * SECONDS;
      at[place] = Math.clamp(next, joint.positionMin(), joint.positionMax());
      command[i] = at[place];
    }
  }

  private void onTwist(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    String frame = message.header.frameId.toString();
    if (!frame.equals(robot.baseFrame()) && !frame.equals(robot.toolFrame())) {
      throw new RosFault(
          "servo: found a twist in frame '%s', wanted %s or %s"
              .formatted(frame, robot.baseFrame(), robot.toolFrame()));
    }
    double linear = route.scale().map(TwistScale::linear).orElse(1.0);
    double angular = route.scale().map(TwistScale::angular).orElse(1.0);
    take(message.twist.linear, linear, 0);
    take(message.twist.angular, angular, 3);
    received[ROWS] = frame.equals(robot.toolFrame()) ? 1 : 0;
    twists.write(received, 0, RosTime.nanos(message.header.stamp), receivedNanos);
  }

  private void take(Vector3.Buffer vector, double scale, int offset) {
    received[offset] = scale * vector.x;
    received[offset + 1] = scale * vector.y;
    received[offset + 2] = scale * vector.z;
    for (int i = offset; i < offset + 3; i++) {
      if (!(Math.abs(received[i]) <= (route.scale().isPresent() ? scale : Double.MAX_VALUE))) {
        throw new RosFault(
            "servo: found %s in a twist, wanted numbers%s"
                .formatted(received[i] / scale, route.scale().isPresent() ? " from -1 to 1" : ""));
      }
    }
  }
}
