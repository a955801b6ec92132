package dev.forearm.ros.robot;

import dev.forearm.ros.msg.control_msgs.GripperCommand;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The commands that an episode holds of one joint group: {@link CommandEncoder} read backwards. */
final class SentCommands {
  private final CommandRoute route;
  private final int[] places; // in command order
  private final int joints; // of the robot
  private final NavigableMap<Long, double[]> sent = new TreeMap<>();

  SentCommands(Robot robot, JointGroup group) {
    route = group.command();
    places = robot.places(group);
    joints = robot.jointCount();
  }

  String topic() {
    return route.recordedTopic();
  }

  /** Positions in the group's order, by the time at which they were sent. */
  NavigableMap<Long, double[]> sent() {
    return sent;
  }

  double[] decode(MemorySegment cdr) {
    double[] positions =
        switch (route) {
          case CommandRoute.Positions _, CommandRoute.Twist _ ->
              Float64MultiArray.decode(cdr).data();
          case CommandRoute.Trajectory _, CommandRoute.TrajectoryGoals _ ->
              JointTrajectory.decode(cdr).points().getLast().positions();
          case CommandRoute.GripperGoals goals ->
              switch (goals.type()) {
                case COMMAND -> new double[] {GripperCommand.decode(cdr).position()};
                case PARALLEL -> JointState.decode(cdr).position();
              };
        };
    if (positions.length != places.length) {
      throw new RuntimeFault(
          "found %s positions, wanted %s; it is another robot's"
              .formatted(positions.length, places.length));
    }
    return positions;
  }

  /** What all groups together had been sent at some moments; without those before the first. */
  static NavigableMap<Long, double[]> at(Set<Long> moments, List<SentCommands> groups) {
    NavigableMap<Long, double[]> commands = new TreeMap<>();
    for (long moment : moments) {
      double[] command = new double[groups.isEmpty() ? 0 : groups.getFirst().joints];
      boolean whole = !groups.isEmpty();
      for (SentCommands group : groups) {
        Map.Entry<Long, double[]> last = group.sent.floorEntry(moment);
        whole &= last != null;
        for (int i = 0; whole && i < group.places.length; i++) {
          command[group.places[i]] = last.getValue()[i];
        }
      }
      if (whole) {
        commands.put(moment, command);
      }
    }
    return commands;
  }
}
