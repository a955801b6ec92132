package dev.forearm.ros.action;

import dev.forearm.ros.ActionType;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.action.ActionWire.FeedbackMessage;
import dev.forearm.ros.action.ActionWire.GoalRequest;
import dev.forearm.ros.action.ActionWire.GoalResponse;
import dev.forearm.ros.action.ActionWire.ResultRequest;
import dev.forearm.ros.action.ActionWire.ResultResponse;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.action_msgs.GoalInfo;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.action_msgs.GoalStatusArray;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.unique_identifier_msgs.UUID;
import dev.forearm.ros.srv.action_msgs.CancelGoal;
import dev.forearm.ros.srv.action_msgs.CancelGoalRequest;
import dev.forearm.ros.srv.action_msgs.CancelGoalResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves an action. Goals that are over are remembered until {@value #MOST_REMEMBERED} younger ones
 * are over too, so that whoever asks late still gets the result.
 */
public final class ActionServer<G extends Message, R extends Message, F extends Message>
    implements AutoCloseable {
  static final int MOST_WAITING = 64; // for one goal's result
  private static final int MOST_REMEMBERED = 16;
  private static final UUID ALL = new UUID(new byte[16]);
  private static final Time ANY_TIME = new Time(0, 0);

  private final ActionType<G, R, F> type;
  private final GoalHandler<G, R, F> handler;
  private final Supplier<Time> now;
  private final R nothing;
  private final Map<UUID, ActionGoal<G, R, F>> goals = new LinkedHashMap<>(); // under its lock
  private final Publication feedback;
  private final Publication status;
  private final CdrWriter writer = new CdrWriter(256); // under the lock of this
  private final List<ServiceServer> servers;

  /**
   * Serves.
   *
   * @param name of the action
   * @param now stamps goals
   * @param nothing the result of a goal that nobody knows
   */
  public ActionServer(
      RosTransport transport,
      String name,
      ActionType<G, R, F> type,
      GoalHandler<G, R, F> handler,
      Supplier<Time> now,
      R nothing) {
    this.type = type;
    this.handler = handler;
    this.now = now;
    this.nothing = nothing;
    String prefix = name + "/_action/";
    feedback = transport.advertise(prefix + "feedback", type.feedbackMessage(), Qos.DEFAULT);
    status = transport.advertise(prefix + "status", GoalStatusArray.TYPE, Qos.LATCHED);
    servers =
        List.of(
            transport.serve(prefix + "send_goal", ActionWire.sendGoal(type), this::send),
            transport.serve(
                prefix + "cancel_goal",
                CancelGoal.TYPE,
                (asked, reply) -> reply.accept(cancel(asked))),
            transport.serve(prefix + "get_result", ActionWire.getResult(type), this::result));
  }

  /** Clients right now, over all processes: who hears its feedback. */
  public int clients() {
    return feedback.subscribers();
  }

  private void send(GoalRequest<G> asked, Consumer<GoalResponse> reply) {
    Time stamp = now.get();
    boolean known;
    synchronized (goals) {
      known = goals.containsKey(asked.id());
    }
    boolean accepted = !known && handler.accepts(asked.goal());
    if (!accepted) {
      reply.accept(new GoalResponse(type.sendGoalResponse(), false, stamp));
      return;
    }
    ActionGoal<G, R, F> goal =
        new ActionGoal<>(this, new GoalInfo(asked.id(), stamp), asked.goal());
    synchronized (goals) {
      goals.put(asked.id(), goal);
      forget();
    }
    reply.accept(new GoalResponse(type.sendGoalResponse(), true, stamp));
    changed();
    handler.begin(goal);
  }

  private void forget() {
    long over = goals.values().stream().filter(ActionGoal::isOver).count();
    Iterator<ActionGoal<G, R, F>> oldest = goals.values().iterator();
    while (over > MOST_REMEMBERED && oldest.hasNext()) {
      if (oldest.next().isOver()) {
        oldest.remove();
        over--;
      }
    }
  }

  /** One goal, all until a time, or all: action_msgs/srv/CancelGoal tells what stands for what. */
  private CancelGoalResponse cancel(CancelGoalRequest asked) {
    UUID id = asked.goalInfo().goalId();
    Time until = asked.goalInfo().stamp();
    List<ActionGoal<G, R, F>> meant = new ArrayList<>();
    synchronized (goals) {
      goals
          .values()
          .forEach(goal -> {
            boolean all = id.equals(ALL) && until.equals(ANY_TIME);
            boolean early = !until.equals(ANY_TIME) && !later(goal.info().stamp(), until);
            if (all || early || goal.info().goalId().equals(id)) {
              meant.add(goal);
            }
          });
    }
    List<GoalInfo> cancelling = new ArrayList<>();
    for (ActionGoal<G, R, F> goal : meant) {
      if (!goal.isOver() && handler.mayCancel(goal) && goal.cancel()) {
        cancelling.add(goal.info());
      }
    }
    changed();
    return new CancelGoalResponse(code(id, meant, cancelling), cancelling);
  }

  private byte code(UUID id, List<ActionGoal<G, R, F>> meant, List<GoalInfo> cancelling) {
    if (!cancelling.isEmpty()) {
      return CancelGoalResponse.ERROR_NONE;
    }
    if (!id.equals(ALL) && meant.isEmpty()) {
      return CancelGoalResponse.ERROR_UNKNOWN_GOAL_ID;
    }
    return !id.equals(ALL) && meant.stream().allMatch(ActionGoal::isOver)
        ? CancelGoalResponse.ERROR_GOAL_TERMINATED
        : CancelGoalResponse.ERROR_REJECTED;
  }

  private static boolean later(Time one, Time other) {
    return one.sec() != other.sec()
        ? one.sec() > other.sec()
        : Integer.compareUnsigned(one.nanosec(), other.nanosec()) > 0;
  }

  private void result(ResultRequest asked, Consumer<ResultResponse<R>> reply) {
    ActionGoal<G, R, F> goal;
    synchronized (goals) {
      goal = goals.get(asked.id());
    }
    if (goal == null) {
      reply.accept(response(GoalStatus.STATUS_UNKNOWN, nothing));
    } else {
      goal.answer(reply);
    }
  }

  ResultResponse<R> response(byte how, R result) {
    return new ResultResponse<>(type.getResultResponse(), how, result);
  }

  /** Tells of all goals' states. */
  synchronized void changed() {
    List<GoalStatus> states;
    synchronized (goals) {
      states = goals.values().stream().map(ActionGoal::status).toList();
    }
    new GoalStatusArray(states).encode(writer);
    status.publish(writer);
  }

  synchronized void publish(GoalInfo goal, F how) {
    new FeedbackMessage<>(type.feedbackMessage(), goal.goalId(), how).encode(writer);
    feedback.publish(writer);
  }

  /** Goals that are not over are aborted. */
  @Override
  public void close() {
    List<ActionGoal<G, R, F>> left;
    synchronized (goals) {
      left = List.copyOf(goals.values());
    }
    left.forEach(goal -> goal.abort(nothing));
    servers.forEach(ServiceServer::close);
    feedback.close();
    status.close();
  }
}
