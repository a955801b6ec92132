package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.Scheduling;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.sim.camera.SceneState;
import dev.forearm.sim.scene.Tabletop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulator in real time: the physics on a thread of its own at 1 kHz, the cameras on another.
 * A late physics thread catches up, so that a simulated second takes a second, unless it is so late
 * that it lets the time go. Closed by the thread that made it.
 */
public final class SimNode implements Agent, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimNode.class);
  private static final long CATCH_UP_STEPS_MAX = 50;
  private static final int CAMERA_STEPS = 16;
  private static final int LOOK_STEPS = 1000;

  private final SimWorld world;
  private final @Nullable Latest<SceneState> states;
  private final @Nullable CameraStream cameras;
  private final List<AgentRunner> runners = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final boolean stampsSimulatedTime;
  private final long rosFromMonotonicNanos =
      System.currentTimeMillis() * 1_000_000 - System.nanoTime();
  private long epochNanos; // the physics thread's own, as all below
  private long steps;
  private boolean contested;
  private volatile long lostSteps;

  /**
   * Starts simulating.
   *
   * @param transport stays the caller's
   * @param withCameras whether images are drawn and published
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public SimNode(RosTransport transport, SimSettings settings, boolean withCameras) {
    this(
        transport, new SimulatedRobot(transport, settings), settings.publishesClock(), withCameras);
  }

  /**
   * Starts simulating an arm by itself.
   *
   * @param transport stays the caller's
   * @param arm is this one's to close
   * @param stampsSimulatedTime as its messages on /clock tell it
   */
  public SimNode(RosTransport transport, SimulatedArm arm, boolean stampsSimulatedTime) {
    this(transport, arm, stampsSimulatedTime, false);
  }

  private SimNode(
      RosTransport transport, SimWorld world, boolean stampsSimulatedTime, boolean withCameras) {
    this.world = world;
    this.stampsSimulatedTime = stampsSimulatedTime;
    if (withCameras) {
      states = new Latest<>(() -> new SceneState(world.data()));
      cameras = new CameraStream(transport, world.model(), states);
      start(cameras, CameraStream.PERIOD_NANOS);
    } else {
      states = null;
      cameras = null;
    }
    start(this, Tabletop.STEP_NANOS);
  }

  private void start(Agent agent, long periodNanos) {
    runners.add(PeriodicRunner.start(agent, periodNanos, Scheduling.ORDINARY, this::failed));
  }

  private void failed(String agent, Throwable why) {
    LOG.error("{} thread ended", agent, why);
    failure.compareAndSet(null, why);
  }

  @Override
  public String name() {
    return "sim physics";
  }

  /** Physics steps that were let go because the thread was more than 50 ms late. */
  public long lostSteps() {
    return lostSteps;
  }

  /** What ended one of the simulator's threads, if anything did. */
  public @Nullable Throwable failure() {
    return failure.get();
  }

  @Override
  public void close() {
    runners.reversed().forEach(AgentRunner::close);
    if (cameras != null) {
      cameras.close();
    }
    world.close();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public int doWork(long nowNanos) {
    if (steps == 0) {
      epochNanos = nowNanos - Tabletop.STEP_NANOS;
    }
    long due = (nowNanos - epochNanos) / Tabletop.STEP_NANOS - steps;
    if (due > CATCH_UP_STEPS_MAX) {
      long lost = due - 1;
      epochNanos += lost * Tabletop.STEP_NANOS;
      lostSteps += lost;
      due = 1;
    }
    for (long i = 0; i < due; i++) {
      step();
    }
    return (int) due;
  }

  private void step() {
    steps++;
    long simulated = steps * Tabletop.STEP_NANOS;
    long stamp = stampsSimulatedTime ? simulated : epochNanos + simulated + rosFromMonotonicNanos;
    world.step(stamp);
    if (states != null && steps % CAMERA_STEPS == 0) {
      states.back().save(world.data(), stamp);
      states.publish();
    }
    if (steps % LOOK_STEPS == 0) {
      lookForCommanders();
    }
  }

  private void lookForCommanders() {
    int commanders = world.commanders();
    if (commanders > 1 && !contested) {
      LOG.warn("{} commanders of the arm at once, wanted one; stop the other", commanders);
    }
    contested = commanders > 1;
  }
}
