package dev.forearm.ros.robot;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.policy.Driver;

/**
 * Publishes who drives the arm, a std_msgs/String on {@value #TOPIC} that late listeners see too,
 * whenever it is somebody else: as {@link Driver#text} has it. One thread's.
 */
public final class DriverTopic implements Agent, AutoCloseable {
  public static final java.lang.String TOPIC = "forearm/driver";

  private static final Driver NOBODY = new Driver.Nobody();

  private final Publication publication;
  private final ControlLoop control;
  private final PolicyLoop inference;
  private final CdrWriter writer = new CdrWriter(256);
  private java.lang.String told = "";

  public DriverTopic(RosTransport transport, ControlLoop control, PolicyLoop inference) {
    publication = transport.advertise(TOPIC, String.TYPE, Qos.LATCHED);
    this.control = control;
    this.inference = inference;
  }

  @Override
  public java.lang.String name() {
    return "driver";
  }

  @Override
  public int doWork(long nowNanos) {
    java.lang.String drives = driver().text();
    if (drives.equals(told)) {
      return 0;
    }
    told = drives;
    new String(drives).encode(writer);
    publication.publish(writer);
    return 1;
  }

  private Driver driver() {
    if (!control.board().snapshot().state().commands()) {
      return NOBODY;
    }
    Driver instead = control.driver();
    return instead == null ? inference.driver() : instead;
  }

  @Override
  public void close() {
    publication.close();
  }
}
