package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.lockstep.Physics;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import dev.forearm.sim.task.TaskMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated robot on its topics, one millisecond at a time on the caller's thread: takes what
 * was commanded, steps the physics, judges the task, publishes what is due. Over an in-process
 * transport the same seed and commands give the same messages bit for bit.
 */
public final class SimulatedRobot implements Physics, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedRobot.class);
  private static final int JOINT_STATE_STEPS = 2; // 500 Hz
  private static final int OBJECT_STEPS = 20; // 50 Hz
  private static final int CLOCK_STEPS = 10; // 100 Hz
  private static final int CAMERA_STEPS = 33; // 30 Hz

  private final RosTransport transport;
  private final Tabletop scene;
  private final ArmDrive drive;
  private final TaskMonitor monitor;
  private final StatePublisher publisher;
  private final CommandInbox inbox;
  private final boolean publishesClock;
  private @Nullable LockstepCameras cameras;
  private long steps;
  private long episode;
  private long seed;
  private long warnings;

  /**
   * @param transport stays the caller's
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public SimulatedRobot(RosTransport transport, SimSettings settings) {
    this.transport = transport;
    scene = new Tabletop(settings.gap());
    drive = new ArmDrive(scene, settings.gap(), settings.disturbance());
    monitor = new TaskMonitor(scene);
    publishesClock = settings.publishesClock();
    publisher = new StatePublisher(transport, scene, monitor);
    inbox = new CommandInbox(transport);
    warnings = MujocoData.warnings();
    begin(Task.LIFT, 0);
  }

  /**
   * One physics step.
   *
   * @param stampNanos what messages are stamped with
   */
  @Override
  public void step(long stampNanos) {
    ResetRequest request = inbox.takeReset();
    if (request != null) {
      begin(request.task(), request.seed());
    }
    long now = steps * Tabletop.STEP_NANOS;
    inbox.drain(drive, now);
    drive.update(now);
    scene.step();
    monitor.update();
    steps++;
    publish(stampNanos);
  }

  /** Begins a fresh episode; what was commanded before is forgotten and the arm holds. */
  public void begin(Task task, long seed) {
    inbox.discard();
    scene.reset(seed);
    drive.reset(seed);
    monitor.reset(task);
    episode++;
    this.seed = seed;
  }

  /**
   * Draws the cameras from now on, on the stepping thread, which then closes this too: for lockstep
   * runs. A robot in real time has its cameras on a thread of their own.
   *
   * @throws dev.forearm.sim.SimFault if there is no EGL or no OpenGL, with the remedy
   */
  public void openCameras() {
    if (cameras == null) {
      cameras = new LockstepCameras(transport, scene);
    }
  }

  /** The scene, for cameras and tests; owned by the stepping thread. */
  public Tabletop scene() {
    return scene;
  }

  /** The judge of the running episode; owned by the stepping thread. */
  public TaskMonitor monitor() {
    return monitor;
  }

  /** Publishers on the command topics right now: two are two commanders. */
  int commanders() {
    return inbox.commanders();
  }

  @Override
  public void close() {
    if (cameras != null) {
      cameras.close();
    }
    inbox.close();
    publisher.close();
    scene.close();
  }

  /** MuJoCo warns where a state diverges or its memory runs out; rare, and worth a line. */
  private void reportWarnings() {
    long now = MujocoData.warnings();
    if (now != warnings) {
      warnings = now;
      LOG.warn("the physics is in trouble ({} times so far): {}", now, MujocoData.lastWarning());
    }
  }

  private void publish(long stampNanos) {
    if (publishesClock && steps % CLOCK_STEPS == 0) {
      publisher.clock(stampNanos);
    }
    if (steps % JOINT_STATE_STEPS == 0) {
      publisher.jointStates(stampNanos);
    }
    if (steps % OBJECT_STEPS == 0) {
      reportWarnings();
      publisher.objects(stampNanos);
      publisher.taskState(episode, seed);
    }
    if (cameras != null && steps % CAMERA_STEPS == 0) {
      cameras.publish(stampNanos);
    }
  }
}
