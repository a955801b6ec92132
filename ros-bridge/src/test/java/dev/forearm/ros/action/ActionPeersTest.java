package dev.forearm.ros.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.LogWatch;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.action.control_msgs.FollowJointTrajectory;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.rcl.Ros2;
import dev.forearm.ros.transport.Carrier;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of an action's clients when others come and go, over both transports. Skipped over
 * rcl where no ROS 2 is sourced.
 */
@Tag("ros")
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
class ActionPeersTest {
  private static final String ACTION = "/gripper/act";
  private static final GripperCommandResult REACHED =
      new GripperCommandResult(0.02, 0, false, true);
  private static final long PATIENCE_SECONDS = 20;

  private final Carrier carrier;
  private final int domain = FreeDomain.take();

  ActionPeersTest(Carrier carrier) {
    this.carrier = carrier;
  }

  @BeforeEach
  void needsTheCarrier() {
    if (carrier == Carrier.RCL) {
      var _ = Ros2.require();
    } else {
      Peers.requireCyclone();
    }
  }

  private RosTransport join(String node) {
    NodeName name = NodeName.FOREARM.named(node);
    return carrier == Carrier.DDS
        ? Peers.join(DdsOptions.loopback(domain).withNode(name))
        : Ros2.join(domain, name);
  }

  private static ActionClient<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>
      client(RosTransport transport) {
    return new ActionClient<>(transport, ACTION, GripperCommand.TYPE);
  }

  /** Is where it is wanted at once. */
  private static ActionServer<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback>
      server(RosTransport transport) {
    return new ActionServer<>(
        transport,
        ACTION,
        GripperCommand.TYPE,
        new GoalHandler<>() {
          @Override
          public boolean accepts(GripperCommandGoal goal) {
            return true;
          }

          @Override
          public void begin(
              ActionGoal<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> goal) {
            goal.succeed(REACHED);
          }
        },
        () -> new Time(0, 0),
        REACHED);
  }

  private static GripperCommandGoal goal() {
    return new GripperCommandGoal(new dev.forearm.ros.msg.control_msgs.GripperCommand(0.02, 5));
  }

  @Test
  void bothEndsSeeHowManyClientsThereAreAndWhose() {
    try (RosTransport arm = join("arm");
        RosTransport first = join("first");
        RosTransport second = join("second");
        var server = server(arm);
        var one = client(first)) {
      Peers.await("the first", () -> one.clients().size() == 1 && server.clients() == 1);
      try (var _ = client(second)) {
        Peers.await("the second", () -> one.clients().size() == 2 && server.clients() == 2);
        Peers.await(
            "its name",
            () -> one.clients().stream().anyMatch(other -> other.node().equals("/second")));
      }
      Peers.await("it to go", () -> one.clients().size() == 1 && server.clients() == 1);
    }
  }

  @Test
  void aServerThatGoesAndComesBackTakesGoalsAgain() throws Exception {
    try (RosTransport asking = join("asking");
        var client = client(asking)) {
      for (int time = 0; time < 2; time++) {
        try (RosTransport arm = join("arm" + time);
            var _ = server(arm)) {
          Peers.await("the server", client::available);
          var accepted = client.send(goal(), _ -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
          assertEquals(
              GoalStatus.STATUS_SUCCEEDED,
              accepted.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS).status());
        }
        Peers.await("it to go", () -> !client.available());
      }
    }
  }

  @Test
  void aServerOfAnotherTypeIsNamedAndNotAsked() {
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (LogWatch _ = new LogWatch("dev.forearm.ros", warnings);
        RosTransport arm = join("arm");
        RosTransport asking = join("asking");
        var _ = server(arm);
        ActionClient<?, ?, ?> client =
            new ActionClient<>(asking, ACTION, FollowJointTrajectory.TYPE)) {
      Peers.await(
          "the type",
          () ->
              warnings.stream()
                  .anyMatch(said ->
                      said.contains(ACTION + "/_action/feedback")
                          && said.contains("GripperCommand_FeedbackMessage")
                          && said.contains("FollowJointTrajectory_FeedbackMessage")));
      assertFalse(client.available());
      assertTrue(warnings.stream().noneMatch(said -> said.contains("ended")), warnings::toString);
    }
  }
}
