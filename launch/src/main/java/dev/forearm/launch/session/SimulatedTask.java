package dev.forearm.launch.session;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.sim.node.SimTopics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's task, by topic: asks for resets on {@code /sim/reset} and watches {@code
 * /sim/task_state}. The state is written by the transport's receive thread.
 */
public final class SimulatedTask implements AutoCloseable {
  private static final int LOOKS = 20;
  private static final long LOOK_NANOS = 50_000_000;

  private final Publication reset;
  private final Subscription watch;
  private byte[] said = {}; // the receive thread's
  private volatile @Nullable TaskState state;

  public SimulatedTask(RosTransport transport) {
    reset = transport.advertise(SimTopics.RESET, String.TYPE, Qos.DEFAULT);
    watch =
        transport.subscribe(
            SimTopics.TASK_STATE, DiagnosticStatus.TYPE, Qos.DEFAULT, (cdr, _) -> told(cdr));
  }

  /** Most messages say what the one before said. */
  private void told(MemorySegment cdr) {
    if (state == null || MemorySegment.ofArray(said).mismatch(cdr) >= 0) {
      said = cdr.toArray(ValueLayout.JAVA_BYTE);
      state = TaskState.of(DiagnosticStatus.decode(cdr));
    }
  }

  /**
   * Makes sure that a new simulator would be alone.
   *
   * @throws LaunchFailure if there is one already: the runtime would see two arms in one
   */
  public static void refuseAnother(RosTransport transport) {
    try (SimulatedTask others = new SimulatedTask(transport)) {
      for (int look = 0; look < LOOKS; look++) {
        LockSupport.parkNanos(LOOK_NANOS);
        if (others.simulators() > 0) {
          throw new LaunchFailure(
              "simulator: found another one on %s; stop it, or set another ROS_DOMAIN_ID"
                  .formatted(transport.description()));
        }
      }
    }
  }

  /** Asks for a fresh episode. It has begun when {@link #state} shows its seed and a new number. */
  public void reset(java.lang.String task, long seed) {
    CdrWriter writer = new CdrWriter(64);
    new String("{task: %s, seed: %s}".formatted(task, seed)).encode(writer);
    reset.publish(writer);
  }

  /** Has the task's state recorded in the session's episodes. */
  public void recordedBy(RobotBridge bridge) {
    bridge.record(SimTopics.TASK_STATE, DiagnosticStatus.TYPE, Qos.DEFAULT);
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

  /**
   * The newest state of an episode that runs.
   *
   * @throws IllegalStateException before the first
   */
  TaskState known() {
    TaskState known = state;
    if (known == null) {
      throw new IllegalStateException("an episode began without a task state");
    }
    return known;
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
