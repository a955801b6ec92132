package dev.forearm.ros.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.lifecycle_msgs.State;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.lifecycle_msgs.TransitionEvent;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.node.RosArguments;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import dev.forearm.ros.srv.lifecycle_msgs.GetAvailableTransitions;
import dev.forearm.ros.srv.lifecycle_msgs.GetAvailableTransitionsRequest;
import dev.forearm.ros.srv.lifecycle_msgs.GetState;
import dev.forearm.ros.srv.lifecycle_msgs.GetStateRequest;
import dev.forearm.runtime.clock.SimulatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private final RosTransport transport = new InProcessTransport(new SimulatedClock());
  private final List<String> done = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private Node node;
  private Lifecycle lifecycle;
  private String failing = "";

  private final LifecycleDuties duties =
      new LifecycleDuties() {
        @Override
        public void configure() {
          does("configure");
        }

        @Override
        public void activate() {
          does("activate");
        }

        @Override
        public void deactivate() {
          does("deactivate");
        }

        @Override
        public void cleanUp() {
          does("cleanup");
        }

        @Override
        public void shutDown() {
          does("shutdown");
        }
      };

  private void does(String duty) {
    done.add(duty);
    if (duty.equals(failing)) {
      throw new RosFault(duty + " cannot be done");
    }
  }

  @BeforeEach
  void make() {
    node = new Node(transport, NodeName.FOREARM, RosArguments.NONE, (_, _) -> {});
    lifecycle = new Lifecycle(node, node.clock()::now);
    Subscription _ =
        transport.subscribe(
            "/forearm/transition_event",
            TransitionEvent.TYPE,
            Qos.DEFAULT,
            (cdr, _) -> {
              TransitionEvent event = TransitionEvent.decode(cdr);
              events.add(event.startState().label() + ">" + event.goalState().label());
            });
  }

  @AfterEach
  void end() {
    lifecycle.close();
    node.close();
  }

  private CompletableFuture<ChangeStateResponse> ask(int id, String label) {
    try (ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
        transport.client("/forearm/change_state", ChangeState.TYPE)) {
      return client.call(new ChangeStateRequest(new Transition((byte) id, label)));
    }
  }

  private boolean change(int id, String label) {
    CompletableFuture<ChangeStateResponse> answer = ask(id, label);
    assertFalse(answer.isDone()); // it waits for the program's thread
    lifecycle.turn(duties);
    return answer.join().success();
  }

  private State state() {
    try (var client = transport.client("/forearm/get_state", GetState.TYPE)) {
      return client.call(new GetStateRequest((byte) 0)).join().currentState();
    }
  }

  @Test
  void aNodeIsLedThroughItsWholeLife() {
    assertEquals("unconfigured", state().label());
    assertTrue(change(Transition.TRANSITION_CONFIGURE, ""));
    assertEquals("inactive", state().label());
    assertTrue(change(0, "activate"));
    assertEquals(State.PRIMARY_STATE_ACTIVE, state().id());
    assertTrue(change(Transition.TRANSITION_DEACTIVATE, "deactivate"));
    assertTrue(change(0, "cleanup"));
    assertEquals("unconfigured", state().label());
    assertTrue(change(Transition.TRANSITION_UNCONFIGURED_SHUTDOWN, ""));
    assertEquals("finalized", state().label());
    assertEquals(List.of("configure", "activate", "deactivate", "cleanup", "shutdown"), done);
    assertEquals(
        List.of("unconfigured>configuring", "configuring>inactive", "inactive>activating"),
        events.subList(0, 3));
    assertEquals("shuttingdown>finalized", events.getLast());
    assertEquals(10, events.size());
  }

  @Test
  void whatLeadsNowhereIsRefusedAndDoesNothing() {
    assertFalse(change(0, "activate"));
    assertFalse(change(Transition.TRANSITION_ON_CONFIGURE_SUCCESS, ""));
    assertFalse(change(99, "fly"));
    assertEquals(List.of(), done);
    assertEquals("unconfigured", state().label());
    assertThrows(RosFault.class, () -> lifecycle.go(LifecycleTransition.ACTIVATE, duties));
  }

  @Test
  void aDutyThatFailsLeavesTheNodeWhereItWas() {
    failing = "configure";
    assertFalse(change(0, "configure"));
    assertEquals("unconfigured", state().label());
    assertEquals(List.of("unconfigured>configuring", "configuring>unconfigured"), events);
    failing = "";
    assertTrue(change(0, "configure"));
    failing = "activate";
    assertThrows(RosFault.class, () -> lifecycle.go(LifecycleTransition.ACTIVATE, duties));
    assertEquals("inactive", state().label());
  }

  @Test
  void theTransitionsOfAStateAreThoseOfRcl() {
    assertTrue(change(0, "configure"));
    try (var client =
        transport.client("/forearm/get_available_transitions", GetAvailableTransitions.TYPE)) {
      assertEquals(
          List.of("cleanup", "activate", "shutdown"),
          client
              .call(new GetAvailableTransitionsRequest((byte) 0))
              .join()
              .availableTransitions()
              .stream()
              .map(each -> each.transition().label())
              .toList());
    }
  }
}
