package dev.forearm.ros.robot;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.runtime.control.ControlLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * What anybody may ask of the control loop by topic. Handlers run on the transport's receive
 * thread.
 *
 * <pre>
 *   forearm/e_stop  Bool   true: come to rest and fault, at once; false: the e-stop is released
 *   forearm/reset   Empty  a fault has been looked after
 *   forearm/engage  Bool   drive the arm, or let go of it
 *   forearm/release Empty  who took the arm over gives it back to its policy
 * </pre>
 *
 * <p>An e-stop that was latched before this one subscribed counts; what does not latch does too.
 */
public final class SafetyTopics implements AutoCloseable {
  public static final String E_STOP = "forearm/e_stop";
  public static final String RESET = "forearm/reset";
  public static final String ENGAGE = "forearm/engage";
  public static final String RELEASE = "forearm/release";

  /** Asks for the least, so that it matches every publisher whatever it offers. */
  private static final Qos ANYBODY =
      new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 10);

  private final RosTransport transport;
  private final List<Subscription> subscriptions = new ArrayList<>();

  public SafetyTopics(RosTransport transport, ControlLoop control) {
    this.transport = transport;
    CdrHandler eStop = (cdr, _) -> control.eStop(Bool.decode(cdr).data());
    subscribe(E_STOP, Bool.TYPE, Qos.LATCHED, eStop);
    subscribe(E_STOP, Bool.TYPE, ANYBODY, eStop);
    subscribe(RESET, Empty.TYPE, ANYBODY, (_, _) -> control.reset());
    subscribe(RELEASE, Empty.TYPE, ANYBODY, (_, _) -> control.release());
    subscribe(
        ENGAGE,
        Bool.TYPE,
        ANYBODY,
        (cdr, _) -> {
          if (Bool.decode(cdr).data()) {
            control.engage();
          } else {
            control.disengage();
          }
        });
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }

  private void subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    subscriptions.add(transport.subscribe(topic, type, qos, handler));
  }
}
