package dev.forearm.ros.robot;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.ActionClient.Ended;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one joint group's commands as goals of an action: the newest, where it is worth a goal and
 * no answer to the last one is awaited. One thread's.
 *
 * <p>A trajectory's goal replaces the one under way, which the server is to end. A gripper is
 * slower than its commands, and not every one can take a second goal: it gets one where the command
 * came to rest, or each period while it does not, and the one under way is cancelled before. Where
 * commands begin is no goal: the joints are there. When commands end, what a gripper is still doing
 * is cancelled; a trajectory ends within its period.
 */
final class GoalSender<G extends Message, R extends Message, F extends Message>
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GoalSender.class);
  private static final long REST_NANOS = 50_000_000; // a policy step without motion
  private static final long ENDED_NANOS = 100_000_000; // without a command
  private static final long PATIENCE_NANOS = 1_000_000_000; // for answers

  private final CommandRoute.Goals route;
  private final GoalForm<G, R, F> form;
  private final ActionClient<G, R, F> client;
  private final boolean isGripper;
  private final int[] places;
  private final double[] command; // the newest, in the group's order
  private final double[] rest; // what it was when it had last moved
  private final double[] goal; // the last that was sent; NaN: whatever it was, it is undone
  private boolean commanding;
  private boolean differs; // the command from the goal
  private long commandNanos;
  private long restNanos;
  private long differsNanos;
  private long sentNanos;
  private long cancelNanos;
  private @Nullable CompletableFuture<ActionClient<G, R, F>.Accepted> asked;
  private ActionClient<G, R, F>.@Nullable Accepted underWay;
  private @Nullable CompletableFuture<Boolean> cancel;
  private boolean alone; // without a server, and that was told
  private long refused;
  private long aborted;
  private long unanswered;

  private GoalSender(
      Robot robot,
      JointGroup group,
      CommandRoute.Goals route,
      GoalForm<G, R, F> form,
      RosTransport transport) {
    this.route = route;
    this.form = form;
    client = new ActionClient<>(transport, route.topic(), form.type());
    isGripper = route instanceof CommandRoute.GripperGoals;
    places = robot.places(group);
    command = new double[places.length];
    rest = new double[places.length];
    goal = new double[places.length];
    sentNanos = Long.MIN_VALUE / 2;
  }

  /**
   * @param group of goals
   * @throws RosFault if the transport carries topics alone
   */
  static GoalSender<?, ?, ?> of(Robot robot, JointGroup group, RosTransport transport) {
    CommandRoute.Goals route = (CommandRoute.Goals) group.command();
    return switch (route) {
      case CommandRoute.TrajectoryGoals goals ->
          new GoalSender<>(
              robot, group, route, GoalForm.trajectory(group, goals.periodNanos()), transport);
      case CommandRoute.GripperGoals goals ->
          switch (goals.type()) {
            case COMMAND ->
                new GoalSender<>(
                    robot, group, route, GoalForm.gripper(goals.effortMax()), transport);
            case PARALLEL ->
                new GoalSender<>(
                    robot,
                    group,
                    route,
                    GoalForm.parallelGripper(group, goals.effortMax()),
                    transport);
          };
    };
  }

  /**
   * Takes note of the newest command.
   *
   * @param positions in command order, rad or m
   */
  void command(double[] positions, long nowNanos) {
    for (int i = 0; i < places.length; i++) {
      command[i] = positions[places[i]];
    }
    commandNanos = nowNanos;
    if (!commanding) {
      commanding = true;
      copy(command, rest);
      restNanos = nowNanos;
      if (!Double.isNaN(goal[0])) {
        copy(command, goal);
      }
    }
    if (apart(command, rest)) {
      copy(command, rest);
      restNanos = nowNanos;
    }
  }

  /** Hears answers, and sends what is due. */
  void turn(long nowNanos) {
    hear(nowNanos);
    if (!commanding) {
      return;
    }
    if (nowNanos - commandNanos > ENDED_NANOS) {
      commanding = false;
      stop();
      return;
    }
    boolean apart = apart(command, goal);
    if (apart && !differs) {
      differsNanos = nowNanos;
    }
    differs = apart;
    if (apart && isDue(nowNanos) && asked == null && isFree(nowNanos)) {
      send(nowNanos);
    }
  }

  /** Has a gripper stop doing what it is doing. */
  void stop() {
    if (isGripper && (underWay != null || asked != null)) {
      Arrays.fill(goal, Double.NaN);
      if (underWay != null && cancel == null) {
        cancel = cancelling(underWay);
      } else if (asked != null) {
        cancelLate(asked);
      }
    }
  }

  /** Who else sends goals, or could, and this one. */
  List<Endpoint> clients() {
    return client.clients();
  }

  @Override
  public void close() {
    client.close();
  }

  private boolean isDue(long nowNanos) {
    return isGripper
        ? nowNanos - restNanos >= REST_NANOS || nowNanos - differsNanos >= route.periodNanos()
        : nowNanos - sentNanos >= route.periodNanos();
  }

  /** Whether a gripper has nothing under way, or a trajectory may be replaced. */
  private boolean isFree(long nowNanos) {
    ActionClient<G, R, F>.@Nullable Accepted last = underWay;
    if (!isGripper || last == null) {
      return true;
    }
    CompletableFuture<Boolean> answer = cancel;
    if (answer == null) {
      cancelNanos = nowNanos;
      cancel = cancelling(last);
      return false;
    }
    boolean declined = answer.isDone() && (answer.isCompletedExceptionally() || !answer.join());
    return declined || nowNanos - cancelNanos > PATIENCE_NANOS;
  }

  /** A question that is given up may be answered yet. */
  private void cancelLate(CompletableFuture<ActionClient<G, R, F>.Accepted> question) {
    CompletableFuture<Boolean> _ = question.thenCompose(this::cancelling);
  }

  private CompletableFuture<Boolean> cancelling(ActionClient<G, R, F>.Accepted last) {
    try {
      return last.cancel();
    } catch (RosFault refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void send(long nowNanos) {
    if (!client.available()) {
      if (!alone) {
        LOG.warn("action {}: nobody takes goals; they wait", route.topic());
      }
      alone = true;
      return;
    }
    alone = false;
    differs = false;
    copy(command, goal);
    sentNanos = nowNanos;
    underWay = null;
    cancel = null;
    try {
      asked = client.send(form.goal(command), _ -> {});
    } catch (RosFault fault) {
      refused = told(refused, "a goal was not sent", fault.getMessage());
    }
  }

  private void hear(long nowNanos) {
    CompletableFuture<ActionClient<G, R, F>.Accepted> question = asked;
    if (question != null && question.isDone()) {
      asked = null;
      try {
        underWay = question.join();
      } catch (CompletionException e) {
        refused = told(refused, "a goal was not accepted", message(e));
      }
    } else if (question != null && nowNanos - sentNanos > PATIENCE_NANOS) {
      asked = null;
      Arrays.fill(goal, Double.NaN);
      if (isGripper) {
        cancelLate(question);
      }
      unanswered = told(unanswered, "a goal was not answered within a second", "asked again");
    }
    ActionClient<G, R, F>.@Nullable Accepted last = underWay;
    if (last != null && last.end().isDone()) {
      underWay = null;
      cancel = null;
      try {
        Ended<R> ended = last.end().join();
        if (ended.status() == GoalStatus.STATUS_ABORTED) {
          aborted = told(aborted, "a goal was aborted", form.words(ended.result()));
        }
      } catch (CompletionException e) {
        LOG.debug("action {}: how a goal ended was not heard: {}", route.topic(), message(e));
      }
    }
  }

  /** Tells of it each time it is twice as often. */
  private long told(long before, String what, @Nullable String why) {
    long count = before + 1;
    if (Long.bitCount(count) == 1) {
      LOG.warn("action {}: {} ({} so far): {}", route.topic(), what, count, why);
    }
    return count;
  }

  private boolean apart(double[] one, double[] other) {
    for (int i = 0; i < one.length; i++) {
      if (!(Math.abs(one[i] - other[i]) <= route.changeMin())) {
        return true;
      }
    }
    return false;
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  private static @Nullable String message(CompletionException e) {
    return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
  }
}
