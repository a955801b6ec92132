package dev.forearm.launch.session;

import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.robot.CommandPublisher;
import dev.forearm.ros.robot.DriverTopic;
import dev.forearm.ros.robot.EpisodeChannels;
import dev.forearm.ros.robot.EpisodeTap;
import dev.forearm.ros.robot.ReceptionRehearsal;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.ros.robot.SafetyTopics;
import dev.forearm.runtime.agent.StringConstants;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.Rehearsal;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The runtime of one robot, wired up. It does nothing by itself: a {@link Drive} runs its loops.
 *
 * <pre>
 *   transport --&gt; RobotBridge --&gt; RobotSignals --&gt; PolicyLoop --chunks--&gt; ControlLoop --&gt; CommandPublisher
 *                      |                              |                    |
 *                      +------- EpisodeChannels ------+----- EpisodeTap ---+--&gt; EpisodeRecorder
 * </pre>
 */
public final class RobotSession implements AutoCloseable {
  private final Robot robot;
  private final Clock clock;
  private final RuntimeTap understudy;
  private final RobotSignals signals;
  private final RobotBridge bridge;
  private final PolicyLoop policyLoop;
  private final ControlLoop control;
  private final SafetyTopics asked;
  private final Optional<DriverTopic> driver;
  private final Optional<EpisodeRecorder> recorder;
  private Map<String, Long> refusedBefore = Map.of(); // this episode, by topic

  /**
   * Wires a session that nobody but the recorder looks at.
   *
   * @see #RobotSession(Robot, Mind, RosTransport, Clock, Optional, RuntimeTap, RuntimeTap)
   */
  public RobotSession(
      Robot robot,
      Mind mind,
      RosTransport transport,
      Clock clock,
      Optional<RecorderSettings> recording) {
    this(robot, mind, transport, clock, recording, RuntimeTap.NONE, RuntimeTap.NONE);
  }

  /**
   * Wires a session. The arm is not engaged.
   *
   * @param mind what drives the arm; stays the caller's
   * @param transport stays the caller's; on the same clock
   * @param recording how episodes are recorded; empty: not at all
   * @param onlooker who else looks on
   * @param understudy one of the onlooker's class that sees rehearsals in its place
   */
  public RobotSession(
      Robot robot,
      Mind mind,
      RosTransport transport,
      Clock clock,
      Optional<RecorderSettings> recording,
      RuntimeTap onlooker,
      RuntimeTap understudy) {
    this(robot, mind, transport, clock, recording, onlooker, understudy, Follower.of(robot));
  }

  /**
   * Wires a session that follows chunks in a way of its own.
   *
   * @see #RobotSession(Robot, Mind, RosTransport, Clock, Optional, RuntimeTap, RuntimeTap)
   */
  RobotSession(
      Robot robot,
      Mind mind,
      RosTransport transport,
      Clock clock,
      Optional<RecorderSettings> recording,
      RuntimeTap onlooker,
      RuntimeTap understudy,
      Follower follower) {
    this.robot = robot;
    this.clock = clock;
    this.understudy = understudy;
    recorder = recording.map(settings -> new EpisodeRecorder(settings, clock));
    Optional<EpisodeChannels> channels = recorder.map(EpisodeChannels::new);
    RuntimeTap tap = tap(channels, mind.policy().spec(), onlooker);
    signals = new RobotSignals(robot, mind.policy().spec().observation());
    bridge = new RobotBridge(robot, signals, transport, channels);
    policyLoop = new PolicyLoop(fit(mind), robot, tap.andThen(bridge.foresight()), clock);
    control =
        new ControlLoop(robot, signals, policyLoop.chunks(), bridge.commands(), tap, follower);
    policyLoop.heed(control);
    asked = new SafetyTopics(transport, control);
    driver = robot.takeover().map(_ -> new DriverTopic(transport, control, policyLoop));
  }

  /** What {@link PolicyLoop#install} takes. Any thread. */
  public InstalledPolicy fit(Mind mind) {
    return mind.installed(robot, signals);
  }

  /**
   * Has the virtual machine compile the loops, and what takes joint states in, and make their
   * constants, by playing them through on an arm that exists nowhere, with a tap and a command path
   * of their own. Before the loops run.
   */
  void rehearse() {
    StringConstants.intern(List.of(RobotSession.class, understudy.getClass()));
    CommandPublisher nowhere = bridge.rehearsedCommands();
    EpisodeRecorder discarding = EpisodeRecorder.forRehearsal(clock);
    PolicySpec spec = policyLoop.active().policy().spec();
    Optional<EpisodeChannels> channels = recorder.map(_ -> new EpisodeChannels(discarding));
    RuntimeTap tap = tap(channels, spec, understudy);
    Rehearsal.of(robot, spec, tap, nowhere, () -> nowhere.doWork(clock.nanos()), discarding::drain);
    ReceptionRehearsal.of(robot, channels, discarding::drain);
  }

  public Robot robot() {
    return robot;
  }

  public Clock clock() {
    return clock;
  }

  public RobotSignals signals() {
    return signals;
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

  /** Says who drives, by the agent's turns; empty where it is always the policy. */
  Optional<DriverTopic> driver() {
    return driver;
  }

  public Optional<EpisodeRecorder> recorder() {
    return recorder;
  }

  /** Begins to record an episode, if anything is recorded. The thread that runs the session. */
  public void begin(EpisodeInfo info) {
    refusedBefore = refused();
    recorder.ifPresent(open -> open.begin(info));
  }

  /**
   * Completes its recording, with what the session knows of it besides: the seed of the policy's
   * random numbers, and how many messages each topic was refused. The same thread.
   */
  public Optional<EpisodeReport> end(EpisodeOutcome outcome) {
    Map<String, String> values = new LinkedHashMap<>();
    long noiseSeed = policyLoop.active().noiseSeed();
    if (noiseSeed != 0) {
      values.put("noise_seed", Long.toString(noiseSeed));
    }
    refused()
        .forEach((topic, count) -> {
          long since = count - refusedBefore.getOrDefault(topic, 0L);
          if (since > 0) {
            values.put("refused:" + topic, Long.toString(since));
          }
        });
    return recorder.map(open -> open.end(outcome.with(values)));
  }

  private Map<String, Long> refused() {
    Map<String, Long> refused = new TreeMap<>();
    for (Subscription subscription : bridge.subscriptions()) {
      refused.merge(subscription.topic(), subscription.refused(), Long::sum);
    }
    return refused;
  }

  /** Ends the topics and completes an episode that is still open. Its drive is closed before. */
  @Override
  public void close() {
    driver.ifPresent(DriverTopic::close);
    asked.close();
    bridge.close();
    recorder.ifPresent(EpisodeRecorder::close);
  }

  private RuntimeTap tap(Optional<EpisodeChannels> channels, PolicySpec spec, RuntimeTap onlooker) {
    return channels
        .<RuntimeTap>map(open -> new EpisodeTap(robot, spec, open).andThen(onlooker))
        .orElse(onlooker);
  }
}
