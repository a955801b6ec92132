package dev.forearm.ros.action;

import dev.forearm.ros.Message;
import dev.forearm.ros.msg.action_msgs.GoalInfo;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One goal of an {@link ActionServer}. Any thread; it ends once, and what comes later is ignored.
 */
public final class ActionGoal<G extends Message, R extends Message, F extends Message> {
  private final ActionServer<G, R, F> server;
  private final GoalInfo info;
  private final G goal;
  private final List<Consumer<ActionWire.ResultResponse<R>>> waiting = new ArrayList<>();
  private byte status = GoalStatus.STATUS_EXECUTING;
  private ActionWire.@Nullable ResultResponse<R> over;

  ActionGoal(ActionServer<G, R, F> server, GoalInfo info, G goal) {
    this.server = server;
    this.info = info;
    this.goal = goal;
  }

  /** What was asked for. */
  public G goal() {
    return goal;
  }

  /** Whether somebody wants it to end. */
  public synchronized boolean cancelling() {
    return status == GoalStatus.STATUS_CANCELING;
  }

  /** Tells how it goes. */
  public void feedback(F feedback) {
    server.publish(info, feedback);
  }

  /** It was reached. */
  public void succeed(R result) {
    end(GoalStatus.STATUS_SUCCEEDED, result);
  }

  /** It was not, and will not be. */
  public void abort(R result) {
    end(GoalStatus.STATUS_ABORTED, result);
  }

  /** It ends because somebody wanted that. */
  public void cancelled(R result) {
    end(GoalStatus.STATUS_CANCELED, result);
  }

  private void end(byte how, R result) {
    List<Consumer<ActionWire.ResultResponse<R>>> told;
    ActionWire.ResultResponse<R> response = server.response(how, result);
    synchronized (this) {
      if (over != null) {
        return;
      }
      status = how;
      over = response;
      told = List.copyOf(waiting);
      waiting.clear();
    }
    server.changed();
    told.forEach(each -> each.accept(response));
  }

  GoalInfo info() {
    return info;
  }

  synchronized GoalStatus status() {
    return new GoalStatus(info, status);
  }

  synchronized boolean isOver() {
    return over != null;
  }

  /** Marks it as to be cancelled; false if it is over. */
  synchronized boolean cancel() {
    if (over != null) {
      return false;
    }
    status = GoalStatus.STATUS_CANCELING;
    return true;
  }

  /** Answers once it is over. */
  void answer(Consumer<ActionWire.ResultResponse<R>> reply) {
    ActionWire.@Nullable ResultResponse<R> known;
    synchronized (this) {
      known = over;
      if (known == null && waiting.size() < ActionServer.MOST_WAITING) {
        waiting.add(reply);
      }
    }
    if (known != null) {
      reply.accept(known);
    }
  }
}
