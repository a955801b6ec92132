package dev.forearm.ros.robot;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.RosFault;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Publishes commands, each joint group's on its topic if it has one, on the caller's thread; one
 * thread's own.
 */
final class CommandOutput {
  private final CommandEncoder[] encoders;
  private final Publication[] publications; // one for each encoder
  private final TwistPublisher[] twists;

  /**
   * @param jointState what twists are corrected and stamped by
   * @param advertise offers a topic
   */
  CommandOutput(
      Robot robot, SignalSlot jointState, BiFunction<String, MessageType, Publication> advertise) {
    List<CommandEncoder> groups =
        CommandEncoder.of(robot).stream().filter(CommandEncoder::published).toList();
    encoders = groups.toArray(CommandEncoder[]::new);
    publications =
        groups.stream()
            .map(group -> advertise.apply(group.topic(), group.type()))
            .toArray(Publication[]::new);
    twists =
        robot.groups().stream()
            .map(JointGroup::command)
            .filter(CommandRoute.Twist.class::isInstance)
            .map(CommandRoute.Twist.class::cast)
            .map(route ->
                new TwistPublisher(
                    robot,
                    route,
                    jointState,
                    advertise.apply(route.topic(), CommandMessages.type(route))))
            .toArray(TwistPublisher[]::new);
  }

  /** Whether something moves on without commands, until {@link #look} or {@link #stop} ends it. */
  boolean coasts() {
    return twists.length > 0;
  }

  /**
   * Publishes what is due of a command.
   *
   * @param positions in command order, rad or m
   * @param anew whether commands start over with this one
   * @param stampNanos on the runtime's clock
   * @throws RosFault if the transport refused a group's command; the others were sent
   */
  void publish(double[] positions, boolean anew, long stampNanos) {
    RosFault refused = null;
    for (int group = 0; group < encoders.length; group++) {
      if (encoders[group].takes(stampNanos)) {
        try {
          publications[group].publish(encoders[group].encode(positions));
        } catch (RosFault fault) {
          refused = fault;
        }
      }
    }
    for (TwistPublisher twist : twists) {
      try {
        twist.publish(positions, anew, stampNanos);
      } catch (RosFault fault) {
        refused = fault;
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  /**
   * Ends what moves on though no command has come for too long; now and then.
   *
   * @throws RosFault if the transport refused to
   */
  void look(long nowNanos) {
    for (TwistPublisher twist : twists) {
      twist.look(nowNanos);
    }
  }

  /**
   * Ends what would move on without commands.
   *
   * @throws RosFault if the transport refused to
   */
  void stop(long nowNanos) {
    for (TwistPublisher twist : twists) {
      twist.stop(nowNanos);
    }
  }
}
