package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.ChunkSource;
import dev.forearm.runtime.inference.CycleEvent;
import dev.forearm.runtime.inference.Execution;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.EngageRequest;
import dev.forearm.runtime.safety.PacedMotion;
import dev.forearm.runtime.safety.SafetyFilter;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.safety.Supervisor;
import dev.forearm.runtime.safety.TrackingWatch;
import dev.forearm.runtime.safety.Watchdog;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import org.jspecify.annotations.Nullable;

/**
 * The control thread's duty. Each {@link #tick} reads the joint state, takes the newest chunk, lets
 * the watchdog and the supervisor decide, follows the chunk, or a person who took the arm over, or
 * holds, and sends at most one command. After warm-up a tick allocates nothing; it never locks,
 * logs, waits or does I/O.
 */
public final class ControlLoop implements Execution {
  /** Of the safety filter, rad or m: more than rounding. */
  private static final double EDIT = 1e-6;

  private final ChunkSource chunks;
  private final CommandSink sink;
  private final RuntimeTap tap;
  private final RobotSignals signals;
  private final SignalSlot jointStateSlot;
  private final SignalReading jointState;
  private final Watchdog watchdog;
  private final TrackingWatch tracking;
  private final Supervisor supervisor;
  private final Follower follower;
  private final SafetyFilter filter;
  private final PacedMotion motion;
  private final Teleoperation person;
  private final LoopBoard board;
  private final String[] names;
  private final double[] target;
  private final int joints;
  private final long filterDelayNanos; // from the filter's position to the command
  private final long restNanos; // for which the arm rests before nothing more is sent

  private volatile EngageRequest request = EngageRequest.NONE;
  private volatile @Nullable String failedAgent;
  private volatile boolean stopPressed;
  private volatile boolean stopAsked; // since the last cycle
  private volatile boolean resetAsked;
  private volatile boolean releaseAsked;
  private volatile @Nullable Driver driver; // in the policy's place
  private volatile long delayNanos; // of chunks, while they are followed

  private @Nullable ActionChunk chunk;
  private EngageRequest heard = EngageRequest.NONE;
  private int events; // of the cycle under way
  private boolean following; // the follower is on the current chunk
  private long lastNanos;
  private long sentNanos;
  private long movedNanos;
  private String blamed = "";
  private SafetyState toldState = SafetyState.IDLE;
  private SafetyReason toldReason = SafetyReason.NOT_ENGAGED;

  /**
   * Wires the loop.
   *
   * @param chunks where the inference thread publishes
   * @param sink takes commands; must return at once and must not throw
   */
  public ControlLoop(
      Robot robot, RobotSignals signals, ChunkSource chunks, CommandSink sink, RuntimeTap tap) {
    this(robot, signals, chunks, sink, tap, Follower.of(robot));
  }

  /**
   * Wires a loop that follows chunks in a way of its own.
   *
   * @see #ControlLoop(Robot, RobotSignals, ChunkSource, CommandSink, RuntimeTap)
   */
  public ControlLoop(
      Robot robot,
      RobotSignals signals,
      ChunkSource chunks,
      CommandSink sink,
      RuntimeTap tap,
      Follower follower) {
    this.chunks = chunks;
    this.sink = sink;
    this.tap = tap.contained();
    joints = robot.jointCount();
    this.signals = signals;
    jointStateSlot = signals.jointState();
    jointState = new SignalReading(2 * joints);
    watchdog = new Watchdog(robot.timeouts());
    tracking = new TrackingWatch(robot);
    supervisor = new Supervisor(robot);
    this.follower = follower;
    filter = new SafetyFilter(robot);
    filterDelayNanos = filter.delayNanos();
    motion = new PacedMotion(filter, robot.controlPeriodNanos());
    person = new Teleoperation(robot, signals);
    board = new LoopBoard(joints);
    names = robot.joints().stream().map(Joint::name).toArray(String[]::new);
    target = new double[joints];
    restNanos =
        robot.groups().stream().mapToLong(group -> group.command().restNanos()).max().orElse(0)
            - robot.controlPeriodNanos();
  }

  /** Asks to drive the arm: hold where it is measured, then run on the next chunk. Any thread. */
  public void engage() {
    request = new EngageRequest(true);
  }

  /** Asks to let go of the arm: come to rest within the limits, then send nothing. Any thread. */
  public void disengage() {
    request = new EngageRequest(false);
  }

  /**
   * Presses or releases the e-stop. However short it is pressed, the arm comes to rest within its
   * limits and nothing is sent until it is released, {@link #reset} and engaged. Any thread.
   */
  public void eStop(boolean pressed) {
    stopPressed = pressed;
    if (pressed) {
      stop();
    }
  }

  /** As an e-stop that is pressed and let go; another that is pressed stays so. Any thread. */
  public void stop() {
    stopAsked = true;
  }

  /**
   * Ends a fault, once the arm is at rest and no e-stop is pressed; otherwise does nothing. It
   * moves nothing: somebody has to engage the arm after it. Any thread.
   */
  public void reset() {
    resetAsked = true;
  }

  /**
   * Gives the arm back to its policy, from a person who took it over. It goes on without a stop if
   * the newest chunk is good. Any thread.
   */
  public void release() {
    releaseAsked = true;
  }

  /**
   * Who has taken the arm over: a person, or nobody while they are silent; null while it is its
   * policy's. Any thread.
   */
  @Override
  public @Nullable Driver driver() {
    return driver;
  }

  @Override
  public long delayNanos() {
    return delayNanos;
  }

  /**
   * Has the arm ramp down and stop because a part of the runtime is gone. After a reset, engaging
   * drives it without that part. Any thread.
   *
   * @param agent its name
   */
  public void fail(String agent) {
    failedAgent = agent;
  }

  /**
   * Shows that nothing calls {@link #tick} any more. Called by the control thread as its last act,
   * or after its end.
   */
  public void ended(Throwable failure) {
    supervisor.stop(SafetyReason.CONTROL_FAULT, lastNanos);
    board.failed(failure, supervisor, lastNanos);
  }

  /** What the loop is doing, for any thread. */
  public LoopBoard board() {
    return board;
  }

  /**
   * One control cycle. A failure in it has the arm ramp down, or, if that fails too, ends the
   * commands; it never leaves the cycle as an exception.
   *
   * @param now the cycle's time on the runtime's clock, nanoseconds
   */
  @SuppressWarnings("CatchingUnchecked") // an Error would end the thread and leave the arm moving
  public void tick(long now) {
    events = 0;
    try {
      cycle(now);
    } catch (Throwable e) {
      events |= CycleEvent.FAILED;
      motion.failed();
      supervisor.failed(now);
      board.failed(e, supervisor, now);
    }
    long newest = chunk == null ? 0 : chunk.sequence();
    tap.cycled(jointState, newest, person.asked(), events, now - lastNanos, now);
    lastNanos = now;
  }

  /**
   * Where the chunk of the last cycle in {@code RUN} wanted the joints, rad or m, before the filter
   * saw to it. The loop's own; for who calls {@link #tick}.
   */
  public double[] wanted() {
    return target;
  }

  private void cycle(long now) {
    jointStateSlot.read(jointState);
    takeNewestChunk();
    hear(now);
    SafetyReason jointTrouble = jointTrouble(now);
    takeFaults(now, jointTrouble);
    if (supervisor.step(now, heard, jointTrouble, driverTrouble(now), restIsSent(now))) {
      motion.restart(jointState.values());
      sink.startOver();
      tracking.restart();
      sentNanos = lastNanos;
      board.started();
      events |= CycleEvent.STARTED;
    }
    boolean sends = supervisor.state().commands() && isSinkReady();
    if (sends) {
      move(now);
    }
    tellChange(now); // before the command that it is about
    if (sends) {
      send(now);
    }
    following &= supervisor.state() == SafetyState.RUN && !person.takenOver();
    delayNanos = following ? Math.max(0, follower.delayNanos()) : 0;
    board.show(now, supervisor, motion.position(), filter, jointState, chunk, culprit());
  }

  private void send(long now) {
    sink.send(motion.position(), now);
    motion.sent();
    tap.commanded(motion.position(), supervisor.state(), now);
    sentNanos = now;
    events |= filter.fenced() ? CycleEvent.SENT | CycleEvent.FENCED : CycleEvent.SENT;
  }

  private void hear(long now) {
    EngageRequest newest = request;
    if (newest != heard) {
      heard = newest;
      events |= newest.engaged() ? CycleEvent.ENGAGE : CycleEvent.DISENGAGE;
      person.release();
    }
    if (releaseAsked) {
      releaseAsked = false;
      events |= CycleEvent.RELEASE;
      person.release();
    }
    person.listen(now, supervisor.holdsOrRuns());
    driver = person.driver(now);
  }

  private boolean isSinkReady() {
    boolean ready = sink.ready();
    events |= ready ? 0 : CycleEvent.HELD_BACK;
    return ready;
  }

  private void tellChange(long now) {
    if (supervisor.state() != toldState || supervisor.reason() != toldReason) {
      toldState = supervisor.state();
      toldReason = supervisor.reason();
      tap.safety(toldState, toldReason, now);
    }
  }

  private void takeFaults(long now, SafetyReason jointTrouble) {
    if (resetAsked) {
      resetAsked = false;
      if (!stopPressed) {
        supervisor.reset(heard, now);
        events |= CycleEvent.RESET;
      }
    }
    String agent = failedAgent;
    if (agent != null) {
      failedAgent = null;
      events |= CycleEvent.AGENT_FAILED;
      supervisor.fail(SafetyReason.AGENT_FAILED, now);
      blamed = agent;
    }
    if (jointTrouble == SafetyReason.NONE && supervisor.holdsOrRuns()) {
      int off = tracking.look(now - lastNanos, motion.position(), jointState.values());
      if (off != TrackingWatch.NOBODY) {
        supervisor.fail(SafetyReason.TRACKING_ERROR, now);
        blamed = names[off];
      }
    }
    if (stopAsked) {
      stopAsked = false;
      events |= CycleEvent.E_STOP;
      supervisor.fail(SafetyReason.E_STOP, now);
    }
  }

  private String culprit() {
    return switch (supervisor.reason()) {
      case AGENT_FAILED, TRACKING_ERROR -> blamed;
      case JOINT_STATE_MISSING, JOINT_STATE_STALE -> signals.jointStateCulprit();
      case NOT_ENGAGED, E_STOP -> "";
      case TAKEN_OVER, PERSON_SILENT -> person.name();
      default -> chunk == null ? "" : chunk.culprit();
    };
  }

  /** A group that is commanded less often than the loop runs must hear of the rest as well. */
  private boolean restIsSent(long now) {
    if (!motion.atRest()) {
      movedNanos = now;
      return false;
    }
    return now - movedNanos >= restNanos;
  }

  private void move(long now) {
    if (!motion.advance(now - sentNanos)) {
      return;
    }
    if (supervisor.state() != SafetyState.RUN) {
      filter.brake();
    } else if (person.takenOver()) {
      followPerson(now);
    } else {
      followChunk(now);
    }
  }

  private void takeNewestChunk() {
    ActionChunk newest = chunks.poll();
    if (newest != null) {
      chunk = newest;
      following = false;
    }
  }

  private void followPerson(long now) {
    if (!filter.steer(person.velocities(now, filter.position(), filter.velocity()))) {
      supervisor.refuseTarget(now);
      filter.brake();
    }
  }

  private void followChunk(long now) {
    ActionChunk current = chunk;
    if (!following && current != null) {
      follower.take(current, lastNanos + filterDelayNanos, filter.position(), filter.velocity());
      following = true;
    }
    follower.sample(now + filterDelayNanos, target);
    if (!filter.follow(target)) {
      supervisor.refuseTarget(now);
      filter.brake();
    } else if (isEdited()) {
      board.edited();
    }
  }

  private boolean isEdited() {
    double[] sent = filter.position();
    for (int j = 0; j < joints; j++) {
      if (Math.abs(sent[j] - target[j]) > EDIT) {
        return true;
      }
    }
    return false;
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

  private SafetyReason driverTrouble(long now) {
    return person.takenOver() ? person.trouble(now) : chunkTrouble(now);
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
