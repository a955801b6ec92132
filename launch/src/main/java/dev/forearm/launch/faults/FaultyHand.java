package dev.forearm.launch.faults;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.action.ActionGoal;
import dev.forearm.ros.action.ActionServer;
import dev.forearm.ros.action.GoalHandler;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.runtime.clock.SimulatedClock;
import org.jspecify.annotations.Nullable;

/**
 * A gripper that takes goals: it goes where the newest sends it, stays where it is when that is
 * cancelled, and fails as planned. One thread's.
 */
final class FaultyHand {
  private static final double THERE = 1e-4; // m

  private final FaultPlan plan;
  private final SimulatedClock clock;
  private @Nullable ActionGoal<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>
      underWay;
  private double position;
  private double target;

  /**
   * @param start where it is in the beginning, m
   */
  FaultyHand(
      RosTransport transport, String action, FaultPlan plan, SimulatedClock clock, double start) {
    this.plan = plan;
    this.clock = clock;
    position = start;
    target = start;
    var _ =
        new ActionServer<>(
            transport,
            action,
            GripperCommand.TYPE,
            new Goals(),
            () -> RosTime.of(clock.nanos()),
            result(false));
  }

  private final class Goals
      implements GoalHandler<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> {
    @Override
    public boolean accepts(GripperCommandGoal goal) {
      return !plan.strikes(FaultKind.GOAL_REFUSED, clock.nanos());
    }

    @Override
    public void begin(
        ActionGoal<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> goal) {
      var before = underWay;
      underWay = goal;
      target = goal.goal().command().position();
      if (before != null) {
        before.abort(result(false));
      }
    }
  }

  /**
   * Goes on.
   *
   * @param now where the finger is, m
   * @return where it is to go, m
   */
  double step(double now) {
    position = now;
    var goal = underWay;
    if (goal == null) {
      return target;
    }
    try {
      goal.feedback(new GripperCommandFeedback(position, 0, false, false));
      if (goal.cancelling()) {
        stay();
        goal.cancelled(result(false));
      } else if (plan.strikes(FaultKind.GOAL_ABORTED, clock.nanos())) {
        stay();
        goal.abort(result(false));
      } else if (Math.abs(position - target) < THERE) {
        underWay = null;
        goal.succeed(result(true));
      }
    } catch (RosFault refused) {
      // As planned: nobody hears of it.
    }
    return target;
  }

  private void stay() {
    underWay = null;
    target = position;
  }

  private GripperCommandResult result(boolean reached) {
    return new GripperCommandResult(position, 0, false, reached);
  }
}
