package dev.forearm.ros.lifecycle;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.lifecycle_msgs.TransitionDescription;
import dev.forearm.ros.msg.lifecycle_msgs.TransitionEvent;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import dev.forearm.ros.srv.lifecycle_msgs.GetAvailableStates;
import dev.forearm.ros.srv.lifecycle_msgs.GetAvailableStatesResponse;
import dev.forearm.ros.srv.lifecycle_msgs.GetAvailableTransitions;
import dev.forearm.ros.srv.lifecycle_msgs.GetAvailableTransitionsResponse;
import dev.forearm.ros.srv.lifecycle_msgs.GetState;
import dev.forearm.ros.srv.lifecycle_msgs.GetStateResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one node is in its life, and the services by which ROS 2 changes that. What is asked for
 * waits for the program's thread, which alone changes the state; the answer waits with it.
 */
public final class Lifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
  private static final int MOST_WAITING = 16;

  private final Supplier<Time> now;
  private final List<ServiceServer> servers;
  private final Publication events;
  private final Queue<Asked> asked = new ArrayBlockingQueue<>(MOST_WAITING);
  private final CdrWriter writer = new CdrWriter(256);
  private volatile LifecycleState state = LifecycleState.UNCONFIGURED;

  private record Asked(Transition transition, Consumer<ChangeStateResponse> reply) {}

  /**
   * An unconfigured node.
   *
   * @param transport resolves {@code ~} as the node's full name
   * @param now stamps transitions
   */
  public Lifecycle(RosTransport transport, Supplier<Time> now) {
    this.now = now;
    events = transport.advertise("~/transition_event", TransitionEvent.TYPE, Qos.DEFAULT);
    servers =
        List.of(
            transport.serve(
                "~/change_state",
                ChangeState.TYPE,
                (wanted, reply) -> {
                  if (!asked.offer(new Asked(wanted.transition(), reply))) {
                    reply.accept(new ChangeStateResponse(false));
                  }
                }),
            transport.serve(
                "~/get_state",
                GetState.TYPE,
                (_, reply) -> reply.accept(new GetStateResponse(state.message()))),
            transport.serve(
                "~/get_available_states",
                GetAvailableStates.TYPE,
                (_, reply) ->
                    reply.accept(
                        new GetAvailableStatesResponse(
                            Arrays.stream(LifecycleState.values())
                                .map(LifecycleState::message)
                                .toList()))),
            transport.serve(
                "~/get_available_transitions",
                GetAvailableTransitions.TYPE,
                (_, reply) -> reply.accept(transitions(Optional.of(state)))),
            transport.serve(
                "~/get_transition_graph",
                GetAvailableTransitions.TYPE,
                (_, reply) -> reply.accept(transitions(Optional.empty()))));
  }

  private static GetAvailableTransitionsResponse transitions(Optional<LifecycleState> from) {
    List<TransitionDescription> found =
        Arrays.stream(LifecycleTransition.values())
            .filter(each -> from.isEmpty() || each.start == from.get())
            .map(LifecycleTransition::description)
            .toList();
    return new GetAvailableTransitionsResponse(found);
  }

  /** Any thread. */
  public LifecycleState state() {
    return state;
  }

  /** Does one thing that was asked for, if anything was. The program's thread. */
  public void turn(LifecycleDuties duties) {
    Asked next = asked.poll();
    if (next != null) {
      next.reply.accept(new ChangeStateResponse(isDone(next.transition, duties)));
    }
  }

  private boolean isDone(Transition wanted, LifecycleDuties duties) {
    Optional<LifecycleTransition> transition = LifecycleTransition.asked(wanted, state);
    if (transition.isEmpty()) {
      LOG.warn("lifecycle: {} ({}) leads nowhere from {}", wanted.label(), wanted.id(), state);
      return false;
    }
    try {
      go(transition.get(), duties);
      return true;
    } catch (RuntimeException failed) {
      LOG.error("lifecycle: {} failed: {}", wanted.label(), failed.getMessage(), failed);
      return false;
    }
  }

  /**
   * Does what the program wants of itself. The program's thread.
   *
   * @throws RosFault if the transition does not start in this state
   * @throws RuntimeException what its duty threw; the node is where it was
   */
  public void go(LifecycleTransition transition, LifecycleDuties duties) {
    if (transition.start != state) {
      throw new RosFault("lifecycle: %s found, %s wanted".formatted(state, transition.start));
    }
    pass(transition);
    boolean success = false;
    try {
      switch (transition.goal) {
        case CONFIGURING -> duties.configure();
        case ACTIVATING -> duties.activate();
        case DEACTIVATING -> duties.deactivate();
        case CLEANINGUP -> duties.cleanUp();
        case SHUTTINGDOWN -> duties.shutDown();
        case UNKNOWN, UNCONFIGURED, INACTIVE, ACTIVE, FINALIZED, ERRORPROCESSING ->
            throw new IllegalArgumentException(transition + " is nobody's to ask for");
      }
      success = true;
    } finally {
      pass(transition.then(success));
    }
  }

  private void pass(LifecycleTransition transition) {
    state = transition.goal;
    Time stamp = now.get();
    long nanos = stamp.sec() * 1_000_000_000L + Integer.toUnsignedLong(stamp.nanosec());
    new TransitionEvent(
            nanos, transition.message(), transition.start.message(), transition.goal.message())
        .encode(writer);
    events.publish(writer);
  }

  /** What still waits is told no. */
  @Override
  public void close() {
    for (Asked next = asked.poll(); next != null; next = asked.poll()) {
      next.reply.accept(new ChangeStateResponse(false));
    }
    servers.forEach(ServiceServer::close);
    events.close();
  }
}
