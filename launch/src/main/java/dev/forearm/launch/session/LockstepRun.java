package dev.forearm.launch.session;

import com.sun.management.OperatingSystemMXBean;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.CommandTrace;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimulatedRobot;
import dev.forearm.sim.scene.Fault;
import dev.forearm.sim.scene.Tabletop;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Robot, simulator and session in one process and on one thread, as fast as it goes; equal seeds
 * give equal commands. Used by the command's thread.
 */
public final class LockstepRun implements AutoCloseable {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final CommandTrace trace;
  private final LockstepDrive drive;
  private final InProcessTransport transport;
  private final SimulatedRobot simulator;
  private final SimulatedTask simulated;
  private final RobotSession session;
  private final Episodes player;
  private double processorSeconds;

  /**
   * @param mind stays the caller's
   * @param recordTo folder for episode files; empty: nothing is recorded
   */
  public LockstepRun(
      Robot robot, Mind mind, String task, SimSettings settings, Optional<Path> recordTo) {
    this(robot, mind, task, settings, recordTo, Follower.of(robot), () -> 0);
  }

  /**
   * A run in which plans take time and chunks are followed in a way of its own.
   *
   * @param inferenceNanos modelled time from observation to chunk, asked at each plan
   * @see #LockstepRun(Robot, Mind, String, SimSettings, Optional)
   */
  public LockstepRun(
      Robot robot,
      Mind mind,
      String task,
      SimSettings settings,
      Optional<Path> recordTo,
      Follower follower,
      LongSupplier inferenceNanos) {
    SimulatedClock clock = new SimulatedClock();
    transport = new InProcessTransport(clock);
    simulator = new SimulatedRobot(transport, settings);
    if (!mind.policy().spec().images().isEmpty()) {
      simulator.openCameras();
    }
    simulated = new SimulatedTask(transport);
    trace = new CommandTrace(robot.jointCount());
    StepTap steps = new StepTap(robot, simulated);
    session =
        new RobotSession(
            robot,
            mind,
            transport,
            clock,
            recordTo.map(RecorderSettings::lockstep),
            trace.andThen(steps),
            RuntimeTap.NONE,
            follower);
    simulated.recordedBy(session.bridge());
    drive = new LockstepDrive(session, clock, simulator, Tabletop.STEP_NANOS, inferenceNanos);
    player = new Episodes(session, drive, simulated, () -> mind, task, () -> false, steps);
  }

  /**
   * Plays episodes.
   *
   * @param seed start states derive from it
   * @param played told of each as it ends
   */
  public List<EpisodeResult> play(int episodes, long seed, Consumer<EpisodeResult> played) {
    return play(episodes, seed, EpisodeHooks.NONE, played);
  }

  /**
   * Plays episodes, with hooks.
   *
   * @see #play(int, long, Consumer)
   */
  public List<EpisodeResult> play(
      int episodes, long seed, EpisodeHooks hooks, Consumer<EpisodeResult> played) {
    long before = SYSTEM.getProcessCpuTime();
    Seeds seeds = new Seeds(seed);
    List<EpisodeResult> results = new ArrayList<>();
    for (int i = 0; i < episodes; i++) {
      EpisodeResult result = play(seeds, hooks);
      results.add(result);
      played.accept(result);
    }
    processorSeconds += (SYSTEM.getProcessCpuTime() - before) * 1e-9;
    return results;
  }

  /** Plays one episode, from the next of {@code seeds}. */
  public EpisodeResult play(Seeds seeds, EpisodeHooks hooks) {
    return player.play(seeds.next(), Long.MAX_VALUE, hooks);
  }

  /**
   * Plays one episode in which something goes wrong.
   *
   * @param seed of the start state
   */
  public EpisodeResult play(long seed, EpisodeHooks hooks, List<Fault> faults) {
    simulator.suffer(faults);
    return player.play(seed, Long.MAX_VALUE, hooks);
  }

  /** When the last fault happened, s from the episode's beginning; NaN if none has. */
  public double faultSeconds() {
    return simulator.faults().lastSeconds();
  }

  /** What the policy's loop measures of itself. */
  public InferenceStatistics inference() {
    return session.policyLoop().statistics();
  }

  /**
   * Simulated seconds for one second of processor time of the whole process, compiler and garbage
   * collector included: the speed on one core.
   */
  public double realtimeFactor() {
    return session.clock().nanos() * 1e-9 / processorSeconds;
  }

  /**
   * Draws the cameras from now on, though the policy sees none, so that they are recorded.
   *
   * @throws dev.forearm.sim.SimFault if there is no EGL or no OpenGL, with the remedy
   */
  public void openCameras() {
    simulator.openCameras();
  }

  /** The hash of every command sent so far. */
  public String traceSha256() {
    return trace.sha256();
  }

  /** The scene as it is now, for a picture. */
  public Tabletop scene() {
    return simulator.scene();
  }

  @Override
  public void close() {
    drive.close();
    session.close();
    simulated.close();
    simulator.close();
    transport.close();
  }
}
