package dev.forearm.ros.robot;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.List;
import java.util.Optional;

/**
 * Takes in joint states of an arm that exists nowhere until the virtual machine has compiled what
 * does it, so that the first ones of a real arm are signals as soon as all later ones.
 */
public final class ReceptionRehearsal {
  /** Of all groups; the virtual machine compiles for good what was called 5,000 times. */
  private static final int MESSAGES = 10_000;

  private ReceptionRehearsal() {}

  /**
   * Rehearses all joint groups; a fraction of a second of one processor.
   *
   * @param episode one of a recorder that keeps nothing, where joint states are recorded
   * @param afterMessage called after each, to empty what the episode's channels fill
   */
  public static void of(Robot robot, Optional<EpisodeChannels> episode, Runnable afterMessage) {
    SimulatedClock clock = new SimulatedClock();
    CdrWriter writer = new CdrWriter(1024);
    try (InProcessTransport transport = new InProcessTransport(clock);
        RobotBridge bridge = new RobotBridge(robot, new RobotSignals(robot), transport, episode)) {
      int messages = MESSAGES / robot.groups().size();
      for (JointGroup group : robot.groups()) {
        Publication states = transport.advertise(group.states(), JointState.TYPE, Qos.DEFAULT);
        JointState.Buffer state = atRest(robot, group);
        for (int message = 0; message < messages; message++) {
          clock.advance(robot.controlPeriodNanos());
          RosTime.set(state.header.stamp, clock.nanos());
          state.encode(writer);
          states.publish(writer.segment(), writer.length());
          afterMessage.run();
        }
      }
      requireTaken(bridge.subscriptions());
    }
  }

  /** A message that is refused compiles little of what takes one in. */
  private static void requireTaken(List<Subscription> subscriptions) {
    for (Subscription subscription : subscriptions) {
      if (subscription.refused() > 0) {
        throw new IllegalStateException(
            "rehearsal: %s of %s messages on %s were refused"
                .formatted(subscription.refused(), subscription.received(), subscription.topic()));
      }
    }
  }

  private static JointState.Buffer atRest(Robot robot, JointGroup group) {
    List<String> names = group.joints();
    JointState.Buffer state = new JointState.Buffer();
    state.name.assign(names);
    state.position.resize(names.size());
    state.velocity.resize(names.size());
    int[] places = robot.places(group);
    for (int i = 0; i < places.length; i++) {
      state.position.set(i, robot.joints().get(places[i]).positionMiddle());
    }
    return state;
  }
}
