package dev.forearm.launch.swap;

import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.ros.robot.RobotBridge;
import java.util.List;
import java.util.function.Consumer;

/**
 * Swaps by topic:
 *
 * <pre>
 *   forearm/swap    String            in: a version of the shelf, or a bundle's place
 *   forearm/policy  DiagnosticStatus  out, latched: what drives, and what became of the last swap
 * </pre>
 *
 * The second is recorded, so that each episode begins with what drives.
 */
final class SwapTopics implements SwapListener, AutoCloseable {
  static final String SWAP = "forearm/swap";
  static final String POLICY = "forearm/policy";

  private final Subscription wishes;
  private final Publication policy;
  private final String robot;
  private final CdrWriter writer = new CdrWriter(512); // the swap agent's, once it runs
  private ShelfVersion driving;

  /**
   * @param driving now
   * @param wish is told of each message, on the transport's receive thread
   */
  SwapTopics(
      RosTransport transport,
      RobotBridge bridge,
      String robot,
      ShelfVersion driving,
      Consumer<String> wish) {
    this.robot = robot;
    this.driving = driving;
    policy = transport.advertise(POLICY, DiagnosticStatus.TYPE, Qos.LATCHED);
    bridge.record(policy.topic(), DiagnosticStatus.TYPE, Qos.LATCHED);
    wishes =
        transport.subscribe(
            SWAP,
            dev.forearm.ros.msg.std_msgs.String.TYPE,
            Qos.DEFAULT,
            (cdr, _) -> wish.accept(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data()));
    tell(DiagnosticStatus.OK, "%s drives".formatted(driving.id()), "");
  }

  @Override
  public void settled(SwapRecord swap, ShelfVersion now) {
    driving = now;
    boolean asAsked = swap.outcome() == SwapRecord.Outcome.ACTIVE;
    tell(
        asAsked ? DiagnosticStatus.OK : DiagnosticStatus.WARN, swap.text(), swap.outcome().label());
  }

  @Override
  public void trouble(String what) {
    tell(DiagnosticStatus.WARN, what, "");
  }

  private void tell(byte level, String message, String outcome) {
    new DiagnosticStatus(
            level,
            "forearm: policy",
            message,
            robot,
            List.of(
                new KeyValue("version", driving.id()),
                new KeyValue("bundle", driving.name()),
                new KeyValue("bundle_sha256", driving.sha256()),
                new KeyValue("outcome", outcome)))
        .encode(writer);
    policy.publish(writer);
  }

  @Override
  public void close() {
    wishes.close();
    policy.close();
  }
}
