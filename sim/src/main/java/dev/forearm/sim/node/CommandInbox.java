package dev.forearm.sim.node;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.ros.robot.CommandMessages;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Trajectory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A controller's commands on their way from the transport's receive thread to the physics thread:
 * the newest of each kind wins. What is not a valid command is refused where it arrives.
 */
final class CommandInbox implements Inbox {
  private static final long SECOND = 1_000_000_000L;
  private static final double NANO = 1e-9;

  private final List<String> joints;
  private final SignalSlot positions;
  private final SignalReading newest;
  private final AtomicReference<@Nullable Arrival> trajectory = new AtomicReference<>();
  private final Float64MultiArray.Buffer message = new Float64MultiArray.Buffer();
  private final CdrReader reader = new CdrReader();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private long lastSequence;
  private volatile long rosNanos; // of the last step

  /**
   * A trajectory as it came.
   *
   * @param startNanos when its time begins, ROS time; 0: when it is taken
   */
  private record Arrival(Trajectory trajectory, long startNanos) {}

  /**
   * @param controller takes commands on topics
   */
  CommandInbox(RosTransport transport, SimController controller) {
    joints = controller.joints();
    positions = new SignalSlot("command", joints.size());
    newest = new SignalReading(joints.size());
    for (CommandRoute route : controller.commands()) {
      CdrHandler handler =
          switch (route) {
            case CommandRoute.Positions _ -> this::onPositions;
            case CommandRoute.Trajectory _ -> this::onTrajectory;
            case CommandRoute.Goals _, CommandRoute.Twist _ -> throw refused(route);
          };
      subscriptions.add(
          transport.subscribe(route.topic(), CommandMessages.type(route), Qos.COMMAND, handler));
    }
  }

  @Override
  public void drain(ArmDrive drive, long nowNanos, long rosNanos) {
    this.rosNanos = rosNanos;
    if (positions.read(newest) && newest.sequence() != lastSequence) {
      lastSequence = newest.sequence();
      drive.command(newest.values(), nowNanos);
    }
    if (trajectory.get() != null) {
      Arrival next = trajectory.getAndSet(null);
      if (next != null) {
        long delay = next.startNanos == 0 ? 0 : next.startNanos - rosNanos;
        drive.follow(next.trajectory, nowNanos + delay, nowNanos);
      }
    }
  }

  @Override
  public void discard() {
    if (positions.read(newest)) {
      lastSequence = newest.sequence();
    }
    trajectory.set(null);
  }

  @Override
  public int commanders() {
    return subscriptions.stream().mapToInt(Subscription::publishers).max().orElse(0);
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }

  private void onPositions(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    if (message.data.size() != joints.size()) {
      throw new RosFault(
          "arm command: found %s positions, wanted %s: %s"
              .formatted(message.data.size(), joints.size(), joints));
    }
    for (int i = 0; i < joints.size(); i++) {
      if (!Double.isFinite(message.data.get(i))) {
        throw new RosFault(
            "arm command: found %s for %s, wanted a finite position"
                .formatted(message.data.get(i), joints.get(i)));
      }
    }
    positions.write(message.data.values(), 0, 0, receivedNanos);
  }

  private static SimFault refused(CommandRoute route) {
    return new SimFault(
        "simulating %s: the table-top arm takes no goals, and twists of a robot file's arm alone"
            .formatted(route.topic()));
  }

  private void onTrajectory(MemorySegment cdr, long receivedNanos) {
    JointTrajectory received = JointTrajectory.decode(cdr);
    try {
      Trajectory ordered = ordered(received, joints);
      Time stamp = received.header().stamp();
      long startNanos = stamp.sec() * SECOND + Integer.toUnsignedLong(stamp.nanosec());
      long lateNanos = rosNanos - startNanos - ordered.durationNanos();
      if (startNanos != 0 && lateNanos > 0) {
        throw new IllegalArgumentException(
            "it ended %s s before it came; stamp it later, or with 0 for at once"
                .formatted(lateNanos * NANO));
      }
      trajectory.set(new Arrival(ordered, startNanos));
    } catch (IllegalArgumentException e) {
      throw new RosFault("arm trajectory: " + e.getMessage(), e);
    }
  }

  /**
   * A message as a trajectory of some joints.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Trajectory ordered(JointTrajectory received, List<String> joints) {
    List<String> names = received.jointNames();
    if (names.size() != joints.size() || !new HashSet<>(names).equals(new HashSet<>(joints))) {
      throw new IllegalArgumentException(
          "found joints %s, wanted each of %s once; joints that are to rest need a point too"
              .formatted(names, joints));
    }
    List<JointTrajectoryPoint> points = received.points();
    double[] times = new double[points.size()];
    double[][] positions = new double[points.size()][];
    double[][] velocities = new double[points.size()][];
    for (int i = 0; i < points.size(); i++) {
      JointTrajectoryPoint point = points.get(i);
      times[i] = point.timeFromStart().sec() + NANO * point.timeFromStart().nanosec();
      positions[i] = ordered(point.positions(), names, joints);
      velocities[i] = ordered(point.velocities(), names, joints);
    }
    return new Trajectory(times, positions, velocities, joints.size());
  }

  /** In the controller's order; as they are if they are not one a joint. */
  private static double[] ordered(double[] values, List<String> names, List<String> joints) {
    if (values.length != names.size()) {
      return values;
    }
    double[] ordered = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      ordered[i] = values[names.indexOf(joints.get(i))];
    }
    return ordered;
  }
}
