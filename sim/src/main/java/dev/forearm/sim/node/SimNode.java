package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.realtime.RealTimeRunner;
import dev.forearm.runtime.realtime.Urgency;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.sim.camera.SceneState;
import dev.forearm.sim.scene.Tabletop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulator in real time: the physics on a thread of its own at 1 kHz, the cameras on another.
 * A late physics thread catches up, so that a simulated second takes a second, unless it is so late
 * that it lets the time go. Closed by the thread that made it.
 */
public final class SimNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimNode.class);
  private static final long CATCH_UP_STEPS_MAX = 50;
  private static final int CAMERA_STEPS = 16;
  private static final int LOOK_STEPS = 1000;

  private final SimulatedRobot robot;
  private final @Nullable Latest<SceneState> states;
  private final @Nullable CameraStream cameras;
  private final RealTimeRunner physics;
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
    robot = new SimulatedRobot(transport, settings);
    stampsSimulatedTime = settings.publishesClock();
    if (withCameras) {
      states = new Latest<>(() -> new SceneState(robot.scene().data()));
      cameras = new CameraStream(transport, robot.scene().model(), states);
    } else {
      states = null;
      cameras = null;
    }
    physics =
        RealTimeRunner.start("sim physics", Tabletop.STEP_NANOS, Urgency.ORDINARY, this::catchUp);
  }

  /** Physics steps that were let go because the thread was more than 50 ms late. */
  public long lostSteps() {
    return lostSteps;
  }

  /** What ended the physics thread, if anything did. */
  public @Nullable Throwable failure() {
    return physics.failure();
  }

  @Override
  public void close() {
    physics.close();
    if (cameras != null) {
      cameras.close();
    }
    robot.close();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void catchUp(long nowNanos) {
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
  }

  private void step() {
    steps++;
    long simulated = steps * Tabletop.STEP_NANOS;
    long stamp = stampsSimulatedTime ? simulated : epochNanos + simulated + rosFromMonotonicNanos;
    robot.step(stamp);
    if (states != null && steps % CAMERA_STEPS == 0) {
      states.back().save(robot.scene().data(), stamp);
      states.publish();
    }
    if (steps % LOOK_STEPS == 0) {
      lookForCommanders();
    }
  }

  private void lookForCommanders() {
    int commanders = robot.commanders();
    if (commanders > 1 && !contested) {
      LOG.warn(
          "{} publishers command the arm at once, wanted one; stop the other controller",
          commanders);
    }
    contested = commanders > 1;
  }
}
