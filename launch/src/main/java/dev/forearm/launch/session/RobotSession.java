package dev.forearm.launch.session;

import dev.forearm.ros.RosTransport;
import dev.forearm.ros.robot.EpisodeChannels;
import dev.forearm.ros.robot.EpisodeTap;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.ForesightGate;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Optional;

/**
 * The runtime of one robot, wired up and running:
 *
 * <pre>
 *   transport --&gt; RobotBridge --&gt; RobotSignals --&gt; PolicyLoop --chunks--&gt; ControlLoop --&gt; commands
 *                      |                              |                    |
 *                      +------- EpisodeChannels ------+----- EpisodeTap ---+--&gt; EpisodeRecorder
 * </pre>
 */
public final class RobotSession implements AutoCloseable {
  private final Robot robot;
  private final Drive drive;
  private final RobotBridge bridge;
  private final PolicyLoop policyLoop;
  private final ControlLoop control;
  private final Optional<EpisodeRecorder> recorder;
  private final RuntimeTap tap;

  /**
   * Wires the session and starts it. The arm stays disengaged.
   *
   * @param mind what drives the arm
   * @param transport stays the caller's; on the drive's clock
   * @param recording how episodes are recorded; empty: not at all
   */
  public RobotSession(
      Robot robot,
      Mind mind,
      RosTransport transport,
      Drive drive,
      Optional<RecorderSettings> recording) {
    this(robot, mind, transport, drive, recording, RuntimeTap.NONE);
  }

  /** As above, with somebody looking on. */
  public RobotSession(
      Robot robot,
      Mind mind,
      RosTransport transport,
      Drive drive,
      Optional<RecorderSettings> recording,
      RuntimeTap onlooker) {
    this.robot = robot;
    this.drive = drive;
    recorder = recording.map(settings -> new EpisodeRecorder(settings, drive.clock()));
    Optional<EpisodeChannels> channels = recorder.map(EpisodeChannels::new);
    Policy policy = mind.policy();
    tap =
        channels
            .map(open -> new EpisodeTap(robot, policy.spec(), open).andThen(onlooker))
            .orElse(onlooker);
    RobotSignals signals = new RobotSignals(robot, policy.spec().observation());
    bridge = new RobotBridge(robot, signals, transport, channels);
    ForesightGate gate = new ForesightGate(policy.spec(), mind.imaginedScale(), robot.foresight());
    policyLoop = new PolicyLoop(policy, robot, signals, gate, tap, drive.clock());
    control = new ControlLoop(robot, signals, policyLoop.chunks(), drive.commands(bridge), tap);
    drive.start(this);
  }

  public Robot robot() {
    return robot;
  }

  public Drive drive() {
    return drive;
  }

  public RobotBridge bridge() {
    return bridge;
  }

  public PolicyLoop policyLoop() {
    return policyLoop;
  }

  public ControlLoop control() {
    return control;
  }

  public Optional<EpisodeRecorder> recorder() {
    return recorder;
  }

  RuntimeTap tap() {
    return tap;
  }

  /** Lets go of the arm, ends the duties and completes an episode that is still open. */
  @Override
  public void close() {
    control.disengage();
    drive.close();
    bridge.close();
    recorder.ifPresent(EpisodeRecorder::close);
  }
}
