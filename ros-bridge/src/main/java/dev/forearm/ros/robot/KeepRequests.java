package dev.forearm.ros.robot;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.std_msgs.Empty;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who asks by topic to keep what just happened: an Empty on {@value #TOPIC}. Heard on the
 * transport's receive thread, answered by any.
 */
public final class KeepRequests implements AutoCloseable {
  public static final String TOPIC = "forearm/keep";

  private final AtomicBoolean asked = new AtomicBoolean();
  private final Subscription subscription;

  public KeepRequests(RosTransport transport) {
    subscription = transport.subscribe(TOPIC, Empty.TYPE, Qos.DEFAULT, (_, _) -> asked.set(true));
  }

  /** Whether somebody has asked since the last call. */
  public boolean poll() {
    return asked.getAndSet(false);
  }

  @Override
  public void close() {
    subscription.close();
  }
}
