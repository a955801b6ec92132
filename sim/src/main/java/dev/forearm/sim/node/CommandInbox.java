package dev.forearm.sim.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.scene.Trajectory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Commands and resets on their way from the transport's receive thread to the physics thread: the
 * newest of each kind wins. What is not a valid command is refused where it arrives.
 */
final class CommandInbox implements AutoCloseable {
  private static final int JOINTS = Tabletop.JOINTS.size();
  private static final double NANO = 1e-9;

  private final SignalSlot positions = new SignalSlot("arm command", JOINTS);
  private final SignalReading newest = new SignalReading(JOINTS);
  private final AtomicReference<@Nullable Trajectory> trajectory = new AtomicReference<>();
  private final AtomicReference<@Nullable ResetRequest> reset = new AtomicReference<>();
  private final Float64MultiArray.Buffer message = new Float64MultiArray.Buffer();
  private final CdrReader reader = new CdrReader();
  private final Subscription commands;
  private final Subscription trajectories;
  private final Subscription resets;
  private long lastSequence;

  CommandInbox(RosTransport transport) {
    commands =
        transport.subscribe(
            SimTopics.COMMANDS, Float64MultiArray.TYPE, Qos.COMMAND, this::onPositions);
    trajectories =
        transport.subscribe(
            SimTopics.TRAJECTORY, JointTrajectory.TYPE, Qos.COMMAND, this::onTrajectory);
    resets =
        transport.subscribe(
            SimTopics.RESET,
            dev.forearm.ros.msg.std_msgs.String.TYPE,
            Qos.DEFAULT,
            (cdr, _) ->
                reset.set(
                    ResetRequest.parse(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data())));
  }

  /** Physics thread: what reset is asked for since the last call, if any. */
  @Nullable ResetRequest takeReset() {
    return reset.get() == null ? null : reset.getAndSet(null);
  }

  /** Physics thread: passes on what came since the last call. */
  void drain(ArmDrive drive, long nowNanos) {
    if (positions.read(newest) && newest.sequence() != lastSequence) {
      lastSequence = newest.sequence();
      drive.command(newest.values(), nowNanos);
    }
    if (trajectory.get() != null) {
      Trajectory next = trajectory.getAndSet(null);
      if (next != null) {
        drive.follow(next, nowNanos);
      }
    }
  }

  /** Physics thread: drops commands meant for the episode before. */
  void discard() {
    if (positions.read(newest)) {
      lastSequence = newest.sequence();
    }
    trajectory.set(null);
  }

  /** Publishers on the command topics right now: two are two commanders. */
  int commanders() {
    return Math.max(commands.publishers(), trajectories.publishers());
  }

  @Override
  public void close() {
    commands.close();
    trajectories.close();
    resets.close();
  }

  private void onPositions(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    if (message.data.size() != JOINTS) {
      throw new RosFault(
          "arm command: found %s positions, wanted %s: %s"
              .formatted(message.data.size(), JOINTS, Tabletop.JOINTS));
    }
    for (int i = 0; i < JOINTS; i++) {
      if (!Double.isFinite(message.data.get(i))) {
        throw new RosFault(
            "arm command: found %s for %s, wanted a finite position"
                .formatted(message.data.get(i), Tabletop.JOINTS.get(i)));
      }
    }
    positions.write(message.data.values(), 0, 0, receivedNanos);
  }

  private void onTrajectory(MemorySegment cdr, long receivedNanos) {
    JointTrajectory received = JointTrajectory.decode(cdr);
    try {
      trajectory.set(inCommandOrder(received));
    } catch (IllegalArgumentException e) {
      throw new RosFault("arm trajectory: " + e.getMessage(), e);
    }
  }

  private static Trajectory inCommandOrder(JointTrajectory received) {
    List<String> names = received.jointNames();
    if (names.size() != JOINTS || !names.containsAll(Tabletop.JOINTS)) {
      throw new IllegalArgumentException(
          "found joints %s, wanted each of %s once".formatted(names, Tabletop.JOINTS));
    }
    List<JointTrajectoryPoint> points = received.points();
    boolean cubic = points.stream().anyMatch(point -> point.velocities().length > 0);
    double[] times = new double[points.size()];
    double[][] positions = new double[points.size()][];
    double[][] velocities = new double[cubic ? points.size() : 0][];
    for (int i = 0; i < points.size(); i++) {
      JointTrajectoryPoint point = points.get(i);
      times[i] = point.timeFromStart().sec() + NANO * point.timeFromStart().nanosec();
      positions[i] = reordered(point.positions(), names);
      if (cubic) {
        velocities[i] = reordered(point.velocities(), names);
      }
    }
    return new Trajectory(times, positions, velocities);
  }

  private static double[] reordered(double[] values, List<String> names) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          "a point has %s values for %s joints".formatted(values.length, names.size()));
    }
    double[] ordered = new double[JOINTS];
    for (int i = 0; i < JOINTS; i++) {
      ordered[i] = values[names.indexOf(Tabletop.JOINTS.get(i))];
    }
    return ordered;
  }
}
