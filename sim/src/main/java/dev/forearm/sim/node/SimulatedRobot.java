package dev.forearm.sim.node;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.scene.ArmDrive;
import dev.forearm.sim.scene.Fault;
import dev.forearm.sim.scene.Faults;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import dev.forearm.sim.task.TaskMonitor;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated robot on its topics, one millisecond at a time on the caller's thread: takes what
 * was commanded, steps the physics, judges the task, publishes what is due. Over an in-process
 * transport the same seed and commands give the same messages bit for bit.
 */
public final class SimulatedRobot implements SimWorld {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedRobot.class);
  private static final int JOINT_STATE_STEPS = 2; // 500 Hz
  private static final int OBJECT_STEPS = 20; // 50 Hz
  private static final int CLOCK_STEPS = 10; // 100 Hz
  private static final int CAMERA_STEPS = 33; // 30 Hz

  private final RosTransport transport;
  private final Tabletop scene;
  private final List<Driven> driven;
  private final Faults faults;
  private final TaskMonitor monitor;
  private final StatePublisher publisher;
  private final Subscription resets;
  private final AtomicReference<@Nullable ResetRequest> reset = new AtomicReference<>();
  private final boolean publishesClock;
  private @Nullable LockstepCameras cameras;
  private long steps;
  private long episode;
  private long seed;
  private long warnings;
  private List<Fault> next = List.of();

  /** A controller and what comes for it. */
  private record Driven(ArmDrive drive, Inbox inbox) {}

  /**
   * @param transport stays the caller's
   * @throws dev.forearm.sim.SimFault if there is no MuJoCo
   */
  public SimulatedRobot(RosTransport transport, SimSettings settings) {
    this.transport = transport;
    scene = new Tabletop(settings.gap());
    driven = settings.controllers().stream().map(one -> driven(transport, settings, one)).toList();
    faults = new Faults(scene);
    monitor = new TaskMonitor(scene);
    publishesClock = settings.publishesClock();
    publisher = new StatePublisher(transport, settings.controllers(), scene, monitor);
    resets =
        transport.subscribe(
            SimTopics.RESET,
            dev.forearm.ros.msg.std_msgs.String.TYPE,
            Qos.DEFAULT,
            (cdr, _) ->
                reset.set(
                    ResetRequest.parse(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data())));
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
    ResetRequest request = reset.get() == null ? null : reset.getAndSet(null);
    if (request != null) {
      begin(request.task(), request.seed());
    }
    long now = steps * Tabletop.STEP_NANOS;
    for (Driven each : driven) {
      each.inbox.drain(each.drive, now, stampNanos);
      each.drive.update(now);
    }
    faults.update();
    scene.step();
    monitor.update();
    steps++;
    publish(stampNanos);
  }

  /** Begins a fresh episode; what was commanded before is forgotten and the arm holds. */
  public void begin(Task task, long seed) {
    driven.forEach(each -> each.inbox.discard());
    scene.reset(seed);
    driven.forEach(each -> each.drive.reset(seed));
    faults.reset(next);
    next = List.of();
    monitor.reset(task);
    episode++;
    this.seed = seed;
  }

  /** What goes wrong in the episode that begins next, and in no other. */
  public void suffer(List<Fault> coming) {
    next = List.copyOf(coming);
  }

  /** What goes wrong in the running episode; owned by the stepping thread. */
  public Faults faults() {
    return faults;
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

  @Override
  public MujocoModel model() {
    return scene.model();
  }

  @Override
  public MujocoData data() {
    return scene.data();
  }

  @Override
  public int commanders() {
    return driven.stream().mapToInt(each -> each.inbox.commanders()).max().orElse(0);
  }

  @Override
  public void close() {
    if (cameras != null) {
      cameras.close();
    }
    driven.forEach(each -> each.inbox.close());
    resets.close();
    publisher.close();
    scene.close();
  }

  private Driven driven(RosTransport transport, SimSettings settings, SimController one) {
    if (!Tabletop.JOINTS.containsAll(one.joints())) {
      throw new SimFault(
          "simulating a controller of %s: the table-top arm's joints are %s"
              .formatted(one.joints(), Tabletop.JOINTS));
    }
    return new Driven(
        new ArmDrive(scene, settings.gap(), settings.disturbance(), one.joints()),
        one.inbox(transport));
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
