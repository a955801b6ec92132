package dev.forearm.ros.node;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.rcl_interfaces.Log;

/**
 * The log as ROS 2 tools see it, on {@code /rosout}. Whoever logs leaves the message to the node's
 * thread and waits for nothing.
 */
public final class Rosout {
  static final String TOPIC = "/rosout";

  /** ROS 2's profile for it. */
  private static final Qos QOS =
      new Qos(Qos.Reliability.RELIABLE, Qos.Durability.TRANSIENT_LOCAL, 1000)
          .with(
              new Qos.Timing(Qos.Timing.WITHOUT_LIMIT, 10_000_000_000L, Qos.Timing.WITHOUT_LIMIT));

  private final Publication publication;
  private final NodeAgent agent;
  private final NodeClock clock;
  private final CdrWriter writer = new CdrWriter(256); // node thread's

  Rosout(RosTransport transport, NodeAgent agent, NodeClock clock) {
    this.agent = agent;
    this.clock = clock;
    publication = transport.advertise(TOPIC, Log.TYPE, QOS);
  }

  /**
   * Publishes one message soon. Any thread.
   *
   * @param level {@link Log#DEBUG} to {@link Log#FATAL}
   * @param logger its name
   */
  public void log(byte level, String logger, String message, String file, String method, int line) {
    Log log = new Log(clock.now(), level, logger, message, file, method, line);
    boolean _ = agent.leave(() -> publish(log)); // or too much is logged already
  }

  private void publish(Log log) {
    log.encode(writer);
    publication.publish(writer);
  }
}
