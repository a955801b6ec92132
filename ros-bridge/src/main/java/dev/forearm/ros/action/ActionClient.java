package dev.forearm.ros.action;

import dev.forearm.ros.ActionType;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.action.ActionWire.FeedbackMessage;
import dev.forearm.ros.action.ActionWire.GoalRequest;
import dev.forearm.ros.action.ActionWire.GoalResponse;
import dev.forearm.ros.action.ActionWire.ResultRequest;
import dev.forearm.ros.action.ActionWire.ResultResponse;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.action_msgs.GoalInfo;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.unique_identifier_msgs.UUID;
import dev.forearm.ros.srv.action_msgs.CancelGoal;
import dev.forearm.ros.srv.action_msgs.CancelGoalRequest;
import dev.forearm.ros.srv.action_msgs.CancelGoalResponse;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Asks an action for things: goals to a robot's controllers, for one. Any thread. */
public final class ActionClient<G extends Message, R extends Message, F extends Message>
    implements AutoCloseable {
  private final RosTransport transport;
  private final String name;
  private final ActionType<G, R, F> type;
  private final ServiceClient<GoalRequest<G>, GoalResponse> goals;
  private final ServiceClient<ResultRequest, ResultResponse<R>> results;
  private final ServiceClient<CancelGoalRequest, CancelGoalResponse> cancels;
  private final Subscription feedback;
  private final Map<UUID, Consumer<F>> listeners = new ConcurrentHashMap<>();
  private final CdrReader reader = new CdrReader(); // receive thread's

  /**
   * Prepares to ask.
   *
   * @param name of the action
   */
  public ActionClient(RosTransport transport, String name, ActionType<G, R, F> type) {
    this.transport = transport;
    this.name = name;
    this.type = type;
    String prefix = name + "/_action/";
    goals = transport.client(prefix + "send_goal", ActionWire.sendGoal(type));
    results = transport.client(prefix + "get_result", ActionWire.getResult(type));
    cancels = transport.client(prefix + "cancel_goal", CancelGoal.TYPE);
    feedback =
        transport.subscribe(prefix + "feedback", type.feedbackMessage(), Qos.DEFAULT, this::hear);
  }

  /**
   * How a goal ended.
   *
   * @param status of {@code action_msgs/msg/GoalStatus}
   */
  public record Ended<R extends Message>(byte status, R result) {}

  /** A goal that the server has accepted. */
  public final class Accepted {
    private final UUID id;
    private final CompletableFuture<Ended<R>> end;

    private Accepted(UUID id) {
      this.id = id;
      end =
          results
              .call(new ResultRequest(type.getResultRequest(), id))
              .thenApply(response -> new Ended<>(response.status(), response.result()))
              .whenComplete((_, _) -> listeners.remove(id));
    }

    /** Completed once it is over, on the transport's service thread. */
    public CompletableFuture<Ended<R>> end() {
      return end;
    }

    /** Asks for its end; whether the server agrees, it says soon. */
    public CompletableFuture<Boolean> cancel() {
      return cancels
          .call(new CancelGoalRequest(new GoalInfo(id, new Time(0, 0))))
          .thenApply(response -> !response.goalsCanceling().isEmpty());
    }
  }

  /** Whether a server is there that would hear all that is asked. */
  public boolean available() {
    return goals.available() && results.available() && cancels.available();
  }

  /** Who has a client of this action now, this one among them: who hears its feedback. */
  public List<Endpoint> clients() {
    return transport.endpoints(Endpoint.Role.SUBSCRIBER, feedback.topic());
  }

  /**
   * Sends a goal.
   *
   * @param onFeedback hears how it goes, on the transport's receive thread: it must be brief
   * @return the goal once it is accepted; a {@link RosFault} if it is not
   */
  public CompletableFuture<Accepted> send(G goal, Consumer<F> onFeedback) {
    byte[] random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random);
    UUID id = new UUID(random);
    listeners.put(id, onFeedback);
    return goals
        .call(new GoalRequest<>(type.sendGoalRequest(), id, goal))
        .thenApply(response -> {
          if (!response.accepted()) {
            throw new RosFault("action %s: the server refuses the goal".formatted(name));
          }
          return new Accepted(id);
        })
        .whenComplete((_, failure) -> {
          if (failure != null) {
            listeners.remove(id);
          }
        });
  }

  private void hear(MemorySegment cdr, long receivedNanos) {
    reader.wrap(cdr);
    FeedbackMessage<F> message = ActionWire.readFeedback(type, reader);
    Consumer<F> listener = listeners.get(message.id());
    if (listener != null) {
      listener.accept(message.feedback());
    }
  }

  @Override
  public void close() {
    feedback.close();
    goals.close();
    results.close();
    cancels.close();
  }
}
