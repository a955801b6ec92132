package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.EngageRequest;
import dev.forearm.runtime.safety.SafetyFilter;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.safety.Supervisor;
import dev.forearm.runtime.safety.Watchdog;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import org.jspecify.annotations.Nullable;

/**
 * The control thread's duty. Each {@link #tick} reads the joint state, takes the newest chunk, lets
 * the watchdog and the supervisor decide, follows the chunk or holds, and sends at most one
 * command. After warm-up a tick allocates nothing; it never locks, logs, waits or does I/O.
 */
public final class ControlLoop {
  private final Latest<ActionChunk> chunks;
  private final CommandSink sink;
  private final RuntimeTap tap;
  private final SignalSlot jointStateSlot;
  private final SignalReading jointState;
  private final Watchdog watchdog;
  private final Supervisor supervisor;
  private final ChunkFollower follower;
  private final SafetyFilter filter;
  private final LoopBoard board;
  private final double[] target;
  private final int joints;

  private volatile EngageRequest request = EngageRequest.NONE;

  private @Nullable ActionChunk chunk;
  private boolean following; // the follower is on the current chunk
  private long lastNanos;

  /**
   * Wires the loop.
   *
   * @param chunks where the inference thread publishes
   * @param sink takes commands; must return at once and must not throw
   */
  public ControlLoop(
      Robot robot,
      RobotSignals signals,
      Latest<ActionChunk> chunks,
      CommandSink sink,
      RuntimeTap tap) {
    this.chunks = chunks;
    this.sink = sink;
    this.tap = tap;
    joints = robot.jointCount();
    jointStateSlot = signals.jointState();
    jointState = new SignalReading(2 * joints);
    watchdog = new Watchdog(robot.timeouts());
    supervisor = new Supervisor(robot);
    follower = new ChunkFollower(joints, robot.blendNanos());
    filter = new SafetyFilter(robot);
    board = new LoopBoard(joints);
    target = new double[joints];
  }

  /** Asks to drive the arm: hold where it is measured, then run on the next chunk. Any thread. */
  public void engage() {
    request = new EngageRequest(true);
  }

  /** Asks to let go of the arm: come to rest within the limits, then send nothing. Any thread. */
  public void disengage() {
    request = new EngageRequest(false);
  }

  /** What the loop is doing, for any thread. */
  public LoopBoard board() {
    return board;
  }

  /**
   * One control cycle. A failure in it stops the commands and never leaves it as an exception.
   *
   * @param now the cycle's time on the runtime's clock, nanoseconds
   */
  public void tick(long now) {
    try {
      cycle(now);
    } catch (RuntimeException e) {
      supervisor.fail(request);
      board.failed(e);
    }
    lastNanos = now;
  }

  private void cycle(long now) {
    jointStateSlot.read(jointState);
    takeNewestChunk();
    SafetyState before = supervisor.state();
    SafetyReason reasonBefore = supervisor.reason();

    if (supervisor.step(now, request, jointTrouble(now), chunkTrouble(now), filter.atRest())) {
      filter.restart(jointState.values());
    }
    switch (supervisor.state()) {
      case RUN -> followChunk(now);
      case HOLD, RAMP_DOWN -> filter.brake();
      case IDLE, STOPPED -> {}
    }
    if (supervisor.state().commands()) {
      sink.send(filter.position(), now);
      tap.commanded(filter.position(), supervisor.state(), now);
    }
    if (supervisor.state() != before || supervisor.reason() != reasonBefore) {
      tap.safety(supervisor.state(), supervisor.reason(), now);
    }
    following &= supervisor.state() == SafetyState.RUN;
    board.show(now, supervisor, filter, jointState, chunk);
  }

  private void takeNewestChunk() {
    ActionChunk newest = chunks.take();
    if (newest != null) {
      chunk = newest;
      following = false;
    }
  }

  private void followChunk(long now) {
    ActionChunk current = chunk;
    if (!following && current != null) {
      follower.take(current, lastNanos, filter.position(), filter.velocity());
      following = true;
    }
    follower.sample(now, target);
    if (!filter.follow(target)) {
      supervisor.refuseTarget(now);
      filter.brake();
    }
  }

  private SafetyReason jointTrouble(long now) {
    double[] measured = jointState.values();
    SafetyReason trouble =
        watchdog.jointState(
            now, jointState.sequence(), jointState.receivedNanos(), finite(measured));
    if (trouble == SafetyReason.NONE && supervisor.mustRestart() && !filter.accepts(measured)) {
      return SafetyReason.JOINT_OUTSIDE_LIMITS;
    }
    return trouble;
  }

  private SafetyReason chunkTrouble(long now) {
    ActionChunk newest = chunk;
    return newest == null
        ? SafetyReason.CHUNK_AWAITED
        : watchdog.chunk(
            now, newest.observedNanos(), newest.refusal(), supervisor.chunksSinceNanos());
  }

  private boolean finite(double[] positions) {
    for (int j = 0; j < joints; j++) {
      if (!Double.isFinite(positions[j])) {
        return false;
      }
    }
    return true;
  }
}
