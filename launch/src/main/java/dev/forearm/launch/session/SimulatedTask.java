package dev.forearm.launch.session;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.ros.robot.RobotBridge;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's task, by topic: asks for resets on {@code /sim/reset} and watches {@code
 * /sim/task_state}. The state is written by the transport's receive thread.
 */
public final class SimulatedTask implements AutoCloseable {
  private static final java.lang.String STATE_TOPIC = "/sim/task_state";
  private static final java.lang.String RESET_TOPIC = "/sim/reset";

  private final Publication reset;
  private final Subscription watch;
  private volatile @Nullable TaskState state;

  public SimulatedTask(RosTransport transport) {
    reset = transport.advertise(RESET_TOPIC, String.TYPE, Qos.DEFAULT);
    watch =
        transport.subscribe(
            STATE_TOPIC,
            DiagnosticStatus.TYPE,
            Qos.DEFAULT,
            (cdr, _) -> state = TaskState.of(DiagnosticStatus.decode(cdr)));
  }

  /** Asks for a fresh episode. It has begun when {@link #state} shows its seed and a new number. */
  public void reset(java.lang.String task, long seed) {
    CdrWriter writer = new CdrWriter(64);
    new String("{task: %s, seed: %d}".formatted(task, seed)).encode(writer);
    reset.publish(writer);
  }

  /** Has the task's state recorded in the session's episodes. */
  public void recordedBy(RobotBridge bridge) {
    bridge.record(STATE_TOPIC, DiagnosticStatus.TYPE, Qos.DEFAULT);
  }

  /** Whether a simulator listens. */
  public boolean present() {
    return reset.subscribers() > 0;
  }

  /** Simulators that publish a task state: more than one is a fault. */
  public int simulators() {
    return watch.publishers();
  }

  /** The newest state; empty before the first. */
  public Optional<TaskState> state() {
    return Optional.ofNullable(state);
  }

  /** Forgets what a simulator that is gone last said. */
  public void forget() {
    state = null;
  }

  @Override
  public void close() {
    reset.close();
    watch.close();
  }
}
