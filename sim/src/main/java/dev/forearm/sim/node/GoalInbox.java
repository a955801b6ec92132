package dev.forearm.sim.node;

import dev.forearm.ros.ActionType;
import dev.forearm.ros.Message;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.action.ActionGoal;
import dev.forearm.ros.action.ActionServer;
import dev.forearm.ros.action.GoalHandler;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectory;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectoryResult;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommand;
import dev.forearm.ros.action.control_msgs.ParallelGripperCommandResult;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Trajectory;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleFunction;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A controller's goals, served as ros2_control's controllers do: a goal is over when its last point
 * is due, a newer one takes the place of the one under way, and one that is cancelled leaves the
 * joints where they are. Handled on the transport's service thread, followed on the physics thread.
 */
final class GoalInbox<G extends Message, R extends Message, F extends Message> implements Inbox {
  private static final double[] NONE = {};

  private final ActionServer<G, R, F> server;
  private final DoubleSupplier position; // of the first joint
  private final Form<G, R> form;
  private final AtomicReference<@Nullable Asked> next = new AtomicReference<>();
  private @Nullable Asked current; // physics thread's, as its end
  private long endNanos;
  private volatile long rosNanos;

  /**
   * What differs from action to action.
   *
   * @param path where a goal goes from a position of the first joint; an IllegalArgumentException
   *     says why it cannot
   * @param result tells where the first joint is, and whether that was asked for
   */
  private record Form<G, R>(
      Function<G, DoubleFunction<Trajectory>> path, Resulting<R> result, R nothing) {}

  private interface Resulting<R> {
    R at(double position, boolean reached);
  }

  private final class Asked {
    final ActionGoal<G, R, F> goal;
    final DoubleFunction<Trajectory> path;

    Asked(ActionGoal<G, R, F> goal) {
      this.goal = goal;
      path = form.path.apply(goal.goal());
    }
  }

  private GoalInbox(
      RosTransport transport,
      String action,
      ActionType<G, R, F> type,
      Form<G, R> form,
      DoubleSupplier position,
      BooleanSupplier active) {
    this.form = form;
    this.position = position;
    server =
        new ActionServer<>(
            transport,
            action,
            type,
            new GoalHandler<>() {
              @Override
              public boolean accepts(G goal) {
                return active.getAsBoolean() && isSound(goal);
              }

              @Override
              public void begin(ActionGoal<G, R, F> goal) {
                replace(next.getAndSet(new Asked(goal)));
              }
            },
            () -> RosTime.of(rosNanos),
            form.nothing);
  }

  /**
   * @param joints of the controller
   * @param position of the first joint, rad or m
   * @param speedMax of a gripper, rad/s or m/s
   * @param active whether it takes goals
   */
  static Inbox of(
      RosTransport transport,
      CommandRoute.Goals route,
      List<String> joints,
      DoubleSupplier position,
      double speedMax,
      BooleanSupplier active) {
    return switch (route) {
      case CommandRoute.TrajectoryGoals _ ->
          new GoalInbox<>(
              transport,
              route.topic(),
              FollowJointTrajectory.TYPE,
              new Form<>(
                  goal -> along(goal.trajectory(), joints),
                  (_, reached) ->
                      new FollowJointTrajectoryResult(
                          FollowJointTrajectoryResult.SUCCESSFUL, reached ? "" : "replaced"),
                  new FollowJointTrajectoryResult(FollowJointTrajectoryResult.INVALID_GOAL, "")),
              position,
              active);
      case CommandRoute.GripperGoals goals ->
          switch (goals.type()) {
            case COMMAND ->
                new GoalInbox<>(
                    transport,
                    route.topic(),
                    GripperCommand.TYPE,
                    new Form<>(
                        goal -> to(goal.command().position(), speedMax),
                        (at, reached) -> new GripperCommandResult(at, 0, false, reached),
                        new GripperCommandResult(0, 0, false, false)),
                    position,
                    active);
            case PARALLEL ->
                new GoalInbox<>(
                    transport,
                    route.topic(),
                    ParallelGripperCommand.TYPE,
                    new Form<>(
                        goal -> to(only(goal.command().position()), speedMax),
                        (at, reached) ->
                            new ParallelGripperCommandResult(state(joints, at), false, reached),
                        new ParallelGripperCommandResult(state(joints, 0), false, false)),
                    position,
                    active);
          };
    };
  }

  @Override
  public void drain(ArmDrive drive, long nowNanos, long rosNanos) {
    this.rosNanos = rosNanos;
    Asked newer = next.get() == null ? null : next.getAndSet(null);
    if (newer != null) {
      replace(current);
      Trajectory path = newer.path.apply(position.getAsDouble());
      drive.follow(path, nowNanos, nowNanos);
      current = newer;
      endNanos = nowNanos + path.durationNanos();
    }
    Asked followed = current;
    if (followed != null && followed.goal.cancelling()) {
      drive.stop();
      current = null;
      followed.goal.cancelled(form.result.at(position.getAsDouble(), false));
    } else if (followed != null && nowNanos >= endNanos) {
      current = null;
      followed.goal.succeed(form.result.at(position.getAsDouble(), true));
    }
  }

  @Override
  public void discard() {
    replace(next.getAndSet(null));
    replace(current);
    current = null;
  }

  @Override
  public int commanders() {
    return server.clients();
  }

  @Override
  public void close() {
    server.close();
  }

  private void replace(@Nullable Asked older) {
    if (older != null) {
      older.goal.abort(form.result.at(position.getAsDouble(), false));
    }
  }

  private boolean isSound(G goal) {
    try {
      Trajectory _ = form.path.apply(goal).apply(position.getAsDouble());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static DoubleFunction<Trajectory> along(JointTrajectory asked, List<String> joints) {
    return _ -> CommandInbox.ordered(asked, joints);
  }

  /** At full speed. */
  private static DoubleFunction<Trajectory> to(double target, double speedMax) {
    return from ->
        new Trajectory(
            new double[] {Math.abs(target - from) / speedMax},
            new double[][] {{target}},
            new double[][] {NONE},
            1);
  }

  private static double only(double[] positions) {
    if (positions.length != 1) {
      throw new IllegalArgumentException(
          "found %s positions, wanted one".formatted(positions.length));
    }
    return positions[0];
  }

  private static JointState state(List<String> joints, double position) {
    return new JointState(
        new Header(new Time(0, 0), ""), joints, new double[] {position}, NONE, NONE);
  }
}
