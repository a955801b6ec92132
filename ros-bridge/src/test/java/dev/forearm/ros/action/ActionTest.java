package dev.forearm.ros.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.msg.action_msgs.GoalInfo;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.action_msgs.GoalStatusArray;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.unique_identifier_msgs.UUID;
import dev.forearm.ros.srv.action_msgs.CancelGoal;
import dev.forearm.ros.srv.action_msgs.CancelGoalRequest;
import dev.forearm.ros.srv.action_msgs.CancelGoalResponse;
import dev.forearm.runtime.clock.SimulatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActionTest {
  private static final GripperCommandResult NOTHING = new GripperCommandResult(0, 0, false, false);

  private final RosTransport transport = new InProcessTransport(new SimulatedClock());
  private final List<ActionGoal<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>>
      begun = new ArrayList<>();
  private final List<Byte> statuses = new ArrayList<>();
  private int seconds;

  private final ActionServer<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>
      server =
          new ActionServer<>(
              transport,
              "/gripper",
              GripperCommand.TYPE,
              new GoalHandler<>() {
                @Override
                public boolean accepts(GripperCommandGoal goal) {
                  return goal.command().position() >= 0;
                }

                @Override
                public void begin(
                    ActionGoal<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>
                        goal) {
                  begun.add(goal);
                }
              },
              () -> new Time(++seconds, 0),
              NOTHING);

  private final ActionClient<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>
      client = new ActionClient<>(transport, "/gripper", GripperCommand.TYPE);

  ActionTest() {
    Subscription _ =
        transport.subscribe(
            "/gripper/_action/status",
            GoalStatusArray.TYPE,
            Qos.LATCHED,
            (cdr, _) ->
                GoalStatusArray.decode(cdr).statusList().forEach(s -> statuses.add(s.status())));
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private static GripperCommandGoal to(double position) {
    return new GripperCommandGoal(new dev.forearm.ros.msg.control_msgs.GripperCommand(position, 5));
  }

  @Test
  void aGoalIsAcceptedFollowedAndReached() {
    List<Double> feedback = new ArrayList<>();
    assertTrue(client.available());
    var accepted = client.send(to(0.04), f -> feedback.add(f.position())).join();
    assertEquals(0.04, begun.getFirst().goal().command().position());
    begun.getFirst().feedback(new GripperCommandFeedback(0.02, 1, false, false));
    assertFalse(accepted.end().isDone());
    begun.getFirst().succeed(new GripperCommandResult(0.04, 2, false, true));
    assertEquals(GoalStatus.STATUS_SUCCEEDED, accepted.end().join().status());
    assertTrue(accepted.end().join().result().reachedGoal());
    assertEquals(List.of(0.02), feedback);
    assertEquals(List.of(GoalStatus.STATUS_EXECUTING, GoalStatus.STATUS_SUCCEEDED), statuses);
    begun.getFirst().abort(NOTHING); // it is over
    assertEquals(2, statuses.size());
  }

  @Test
  void aGoalThatIsRefusedNeverBegins() {
    CompletionException refused =
        assertThrows(CompletionException.class, () -> client.send(to(-1), f -> {}).join());
    assertInstanceOf(RosFault.class, refused.getCause());
    assertEquals(List.of(), begun);
  }

  @Test
  void cancellingIsAskedForAndDoneByTheServersOwner() {
    var accepted = client.send(to(0.01), f -> {}).join();
    assertTrue(accepted.cancel().join());
    assertTrue(begun.getFirst().cancelling());
    assertFalse(accepted.end().isDone());
    begun.getFirst().cancelled(NOTHING);
    assertEquals(GoalStatus.STATUS_CANCELED, accepted.end().join().status());
    assertFalse(accepted.cancel().join());
  }

  private CancelGoalResponse cancel(byte[] id, int untilSeconds) {
    try (var asking = transport.client("/gripper/_action/cancel_goal", CancelGoal.TYPE)) {
      return asking
          .call(new CancelGoalRequest(new GoalInfo(new UUID(id), new Time(untilSeconds, 0))))
          .join();
    }
  }

  @Test
  void whichGoalsAreCancelledIsAsActionMsgsSays() {
    for (int i = 0; i < 3; i++) {
      client.send(to(i), f -> {}).join(); // stamped 1 s, 2 s and 3 s
    }
    byte[] unknown = new byte[16];
    unknown[0] = 7;
    assertEquals(CancelGoalResponse.ERROR_UNKNOWN_GOAL_ID, cancel(unknown, 0).returnCode());
    assertEquals(2, cancel(new byte[16], 2).goalsCanceling().size());
    begun.get(0).cancelled(NOTHING);
    begun.get(1).cancelled(NOTHING);
    assertEquals(1, cancel(new byte[16], 0).goalsCanceling().size());
    begun.get(2).cancelled(NOTHING);
    byte[] over = begun.get(2).info().goalId().uuid();
    assertEquals(CancelGoalResponse.ERROR_GOAL_TERMINATED, cancel(over, 0).returnCode());
    assertEquals(CancelGoalResponse.ERROR_REJECTED, cancel(new byte[16], 0).returnCode());
  }

  @Test
  void goalsThatAreOverAreForgottenInTime() {
    for (int i = 0; i < 40; i++) {
      client.send(to(i), f -> {}).join();
      begun.getLast().succeed(NOTHING);
    }
    statuses.clear();
    client.send(to(1), f -> {}).join();
    assertEquals(17, statuses.size());
  }

  @Test
  void aServerThatEndsAbortsWhatIsUnderWay() {
    var accepted = client.send(to(1), f -> {}).join();
    server.close();
    assertEquals(GoalStatus.STATUS_ABORTED, accepted.end().join().status());
  }
}
