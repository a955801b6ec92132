package dev.forearm.ros.robot;

import dev.forearm.ros.ActionType;
import dev.forearm.ros.Message;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectory;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryFeedback;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryGoal;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryResult;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommand;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommandGoal;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommandResult;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.ros.msg.trajectory_msgs.MultiDOFJointTrajectory;
import dev.forearm.runtime.robot.JointGroup;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * How an action is asked for positions of a joint group, and what its results say.
 *
 * @param ask makes a goal of positions in the group's order, rad or m
 * @param tell puts a result into words
 */
record GoalForm<G extends Message, R extends Message, F extends Message>(
    ActionType<G, R, F> type, Function<double[], G> ask, Function<R, String> tell) {
  private static final Header AT_ONCE = new Header(new Time(0, 0), "");
  private static final double[] NONE = {};

  G goal(double[] positions) {
    return ask.apply(positions.clone());
  }

  String words(R result) {
    return tell.apply(result);
  }

  /** A trajectory of one point, due after a period; the controller's own tolerances count. */
  static GoalForm<
          FollowJointTrajectoryGoal, FollowJointTrajectoryResult, FollowJointTrajectoryFeedback>
      trajectory(JointGroup group, long periodNanos) {
    Duration due = RosTime.duration(periodNanos);
    return new GoalForm<>(
        FollowJointTrajectory.TYPE,
        positions ->
            new FollowJointTrajectoryGoal(
                new JointTrajectory(
                    AT_ONCE,
                    group.joints(),
                    List.of(new JointTrajectoryPoint(positions, NONE, NONE, NONE, due))),
                new MultiDOFJointTrajectory(AT_ONCE, List.of(), List.of()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Duration(0, 0)),
        result -> "error %s %s".formatted(result.errorCode(), result.errorString()));
  }

  /**
   * @param effortMax Nm or N
   */
  static GoalForm<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> gripper(
      double effortMax) {
    return new GoalForm<>(
        GripperCommand.TYPE,
        positions ->
            new GripperCommandGoal(
                new dev.forearm.ros.msg.control_msgs.GripperCommand(positions[0], effortMax)),
        result ->
            "at %s, %s"
                .formatted(
                    result.position(), result.stalled() ? "stalled" : "not where it was to be"));
  }

  /**
   * @param effortMax Nm or N
   */
  static GoalForm<
          ParallelGripperCommandGoal, ParallelGripperCommandResult, ParallelGripperCommandFeedback>
      parallelGripper(JointGroup group, double effortMax) {
    return new GoalForm<>(
        ParallelGripperCommand.TYPE,
        positions ->
            new ParallelGripperCommandGoal(
                new JointState(AT_ONCE, group.joints(), positions, NONE, new double[] {effortMax})),
        result ->
            "at %s, %s"
                .formatted(
                    Arrays.toString(result.state().position()),
                    result.stalled() ? "stalled" : "not where it was to be"));
  }
}
