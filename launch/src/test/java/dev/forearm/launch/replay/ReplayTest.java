package dev.forearm.launch.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.TabletopFile;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.session.Seeds;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Twist;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.mcap.McapVisitor;
import dev.forearm.runtime.mcap.McapWriter;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.Retry;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimNode;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTest {
  private static final Robot ROBOT = House.robot("tabletop");
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path folder;

  @Test
  void aLockstepEpisodeComesOutAsItWasWhicheverOfASessionItIs() {
    try (Mind student = student();
        LockstepRun run = lockstep(student)) {
      Seeds seeds = new Seeds(5);
      for (int episode = 0; episode < 2; episode++) {
        Path file = recorded(run, seeds);
        try (Mind again = student()) {
          ReplayResult result = replayed(file, ROBOT, again, 0);
          assertEquals(Optional.empty(), result.difference());
          assertTrue(result.commands() > 500 && result.chunks() > 20, result::toString);
          assertEquals(0, result.skipped());
        }
      }
    }
  }

  @Test
  void anEpisodeThatExploredRegraspedAndRetriedComesOutAsItWas() {
    Path file;
    try (Mind restless =
            student()
                .regrasping(ROBOT)
                .retrying(Retry.after(0.2), ROBOT)
                .exploring(Exploration.turning(ROBOT, 0.02, 3));
        LockstepRun run = lockstep(restless)) {
      file = recorded(run, new Seeds(5));
    }
    Map<String, String> info = info(file);
    try (Mind again = ReplayedMind.of(info, bundle("lift-sft"), ROBOT, new ProviderChoice.Cpu())) {
      assertEquals("true", again.notes().get(Mind.REGRASPS));
      assertEquals(Optional.empty(), replayed(file, ROBOT, again, 0).difference());
    }
    try (Mind unhelped = student()) {
      Difference first = replayed(file, ROBOT, unhelped, 0).difference().orElseThrow();
      assertTrue(first.signal().startsWith("chunk"), first::toString);
    }
  }

  @Test
  void aBundleThatCannotDriveAsTheEpisodeWasDrivenIsRefused() {
    Map<String, String> info = Map.of("bundle", "lift-sft", Mind.REGRASPS, "true");
    ProviderChoice cpu = new ProviderChoice.Cpu();
    LaunchFailure failure =
        assertThrows(
            LaunchFailure.class,
            () -> ReplayedMind.of(info, bundle("lift-pixels"), ROBOT, cpu).close());
    assertTrue(
        String.valueOf(failure.getMessage())
            .startsWith("replay: 'lift-pixels' cannot drive as this episode was driven (regrasp:"),
        failure::toString);
  }

  @Test
  void aRealTimeEpisodeComesOutAsItWasAfterAnEmergencyStopToo() {
    for (Path file : realTime()) {
      try (Mind again = student()) {
        ReplayResult result = replayed(file, ROBOT, again, 0);
        assertEquals(Optional.empty(), result.difference(), file.toString());
        assertTrue(result.commands() > 0 && result.chunks() > 0, result::toString);
      }
    }
  }

  @Test
  void aTakeoverComesOutAsItWasAndIsTheirsWhoDrove() {
    Robot robot = takeable();
    Path file = takenOver(robot);
    try (Mind again = student()) {
      ReplayResult result = replayed(file, robot, again, 0);
      assertEquals(Optional.empty(), result.difference());
      assertTrue(result.commands() > 1000, result::toString);
    }
    RecordedPlans episode = EpisodeReader.read(file, robot);
    List<Driver> drivers = new ArrayList<>();
    episode
        .drivers()
        .values()
        .forEach(driver -> {
          if (drivers.isEmpty() || !drivers.getLast().equals(driver)) {
            drivers.add(driver);
          }
        });
    drivers.removeIf(Driver.Unknown.class::isInstance); // a step whose observation had a gap
    try (Mind student = student()) {
      Driver policy = new Driver.Learned(student.sha256());
      Driver ada = new Driver.Human("Ada");
      assertEquals(List.of(policy, ada, new Driver.Nobody(), ada, policy), drivers);
      List<PlanSample> corrections = PlanSample.of(student.policy().spec(), episode, ada::equals);
      assertTrue(corrections.size() > 5, corrections.size() + " corrections");
      double[] chunk = corrections.getFirst().chunk();
      assertTrue(
          episode.commands().values().stream()
              .anyMatch(sent -> Arrays.equals(sent, Arrays.copyOf(chunk, sent.length))),
          "a correction is what was commanded");
    }
  }

  /** A person drives, is silent, drives again, and gives the arm back. */
  private Path takenOver(Robot robot) {
    MonotonicClock clock = new MonotonicClock();
    try (Mind student = student();
        InProcessTransport transport = new InProcessTransport(clock);
        SimNode _ = new SimNode(transport, SimSettings.of(Gap.none()), false);
        RobotSession session =
            new RobotSession(
                robot, student, transport, clock, Optional.of(RecorderSettings.realTime(folder)));
        Publication twists = transport.advertise("/teleop/twist", TwistStamped.TYPE, Qos.DEFAULT);
        Publication targets = transport.advertise("/teleop/joints", JointState.TYPE, Qos.DEFAULT)) {
      EpisodeInfo info =
          new EpisodeInfo("taken", "lift", 0, robot.name(), "lift-sft", "", student.notes());
      try (RealTimeDrive drive = RealTimeDrive.start(session, new AgentFailures(), () -> {})) {
        session.begin(info);
        session.policyLoop().requestReset();
        session.control().engage();
        assertTrue(drive.runUntil(() -> state(session) == SafetyState.RUN, 60 * SECOND));
        drive.runUntil(() -> false, SECOND);
        Vector3 none = new Vector3(0, 0, 0);
        Header inTool = new Header(new Time(0, 0), robot.toolFrame());
        Twist backAndUp = new Twist(new Vector3(0, 0.02, -0.05), none);
        drive.runUntil(() -> say(twists, new TwistStamped(inTool, backAndUp)), 3 * SECOND);
        assertTrue(
            drive.runUntil(() -> reason(session) == SafetyReason.PERSON_SILENT, 60 * SECOND));
        drive.runUntil(() -> false, SECOND / 2);
        JointState opened =
            new JointState(
                new Header(new Time(0, 0), ""),
                List.of("panda_finger_joint1", "panda_joint1"),
                new double[] {0.04, 0.1},
                new double[0],
                new double[0]);
        drive.runUntil(() -> say(targets, opened), SECOND);
        session.control().release();
        assertTrue(
            drive.runUntil(
                () -> state(session) == SafetyState.RUN && reason(session) == SafetyReason.NONE,
                60 * SECOND));
        drive.runUntil(() -> false, SECOND / 2);
      }
      EpisodeOutcome outcome = EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "");
      return session.end(outcome).orElseThrow().file();
    }
  }

  /** Says something, each time that somebody asks whether it is over. */
  private static boolean say(Publication topic, Message message) {
    CdrWriter writer = new CdrWriter(512);
    message.encode(writer);
    topic.publish(writer);
    return false;
  }

  private static Robot takeable() {
    return RobotFile.parse(
        TabletopFile.text()
            + """

            takeover: {person: Ada, joint_targets: /teleop/joints, twist: /teleop/twist,
              twist_frame: panda_link0, linear_max: 0.25, angular_max: 1.0, speed_share: 0.5,
              timeout_ms: 1500}
            """,
        "tabletop.yaml");
  }

  private static SafetyReason reason(RobotSession session) {
    return session.control().board().snapshot().reason();
  }

  @Test
  void aCommandTellsWhereItCameFrom() {
    try (Mind student = student();
        LockstepRun run = lockstep(student)) {
      Path file = recorded(run, new Seeds(5));
      try (Mind again = student()) {
        String told = replayed(file, ROBOT, again, 300).explanation().orElseThrow();
        assertTrue(told.startsWith("cycle 300 at "), told);
        assertTrue(told.contains("by policy " + student.sha256()), told);
        assertTrue(told.contains("joint_state "), told);
        assertTrue(told.contains("panda_joint1 "), told);
      }
    }
  }

  @Test
  void aChangedByteOfAJointStateIsFoundWithItsCycle() throws IOException {
    Path file;
    try (Mind student = student();
        LockstepRun run = lockstep(student)) {
      file = recorded(run, new Seeds(5));
    }
    Path changed = folder.resolve("changed.mcap");
    copy(file, changed, "/joint_states", 700);
    try (Mind again = student()) {
      Difference first = replayed(changed, ROBOT, again, 0).difference().orElseThrow();
      assertEquals("joint_state", first.signal());
      assertTrue(Math.abs(first.cycle() - 700) <= 2, first::toString);
    }
  }

  @Test
  void aPolicyThatSeesSomethingElseIsFoundInItsFirstObservation() {
    Path file;
    try (Mind expert = Mind.expert(Task.LIFT, ROBOT);
        LockstepRun run = lockstep(expert)) {
      file = recorded(run, new Seeds(5));
    }
    try (Mind other = Mind.expert(Task.TIDY, ROBOT)) {
      Difference first = replayed(file, ROBOT, other, 0).difference().orElseThrow();
      assertEquals("observation", first.signal());
    }
    try (Mind same = Mind.expert(Task.LIFT, ROBOT)) {
      assertEquals(Optional.empty(), replayed(file, ROBOT, same, 0).difference());
    }
  }

  @Test
  void anotherLimitOfAJointIsFoundInItsCommand() {
    Path file;
    try (Mind student = student();
        LockstepRun run = lockstep(student)) {
      file = recorded(run, new Seeds(5));
    }
    Robot slower =
        RobotFile.parse(
            TabletopFile.text().replace("acceleration_max: 7.5", "acceleration_max: 0.5"),
            "slower.yaml");
    try (Mind again = student()) {
      Difference first = replayed(file, slower, again, 0).difference().orElseThrow();
      assertEquals("command of 'panda_joint2'", first.signal());
    }
  }

  @Test
  void anEpisodeOfAnOlderVersionSaysWhatItLacks() throws IOException {
    Path file;
    try (Mind expert = Mind.expert(Task.LIFT, ROBOT);
        LockstepRun run = lockstep(expert)) {
      file = recorded(run, new Seeds(5));
    }
    Path old = folder.resolve("old.mcap");
    copy(file, old, "/forearm/cycle", Integer.MAX_VALUE);
    try (Mind again = Mind.expert(Task.LIFT, ROBOT)) {
      RuntimeFault fault = assertThrows(RuntimeFault.class, () -> replayed(old, ROBOT, again, 0));
      assertTrue(String.valueOf(fault.getMessage()).contains("/forearm/cycle"), fault::toString);
    }
  }

  /** One that was recorded, and the same one kept after the fact. */
  private List<Path> realTime() {
    MonotonicClock clock = new MonotonicClock();
    try (Mind student = student();
        InProcessTransport transport = new InProcessTransport(clock);
        SimNode _ = new SimNode(transport, SimSettings.of(Gap.none()), false);
        RobotSession session =
            new RobotSession(
                ROBOT, student, transport, clock, Optional.of(RecorderSettings.realTime(folder)))) {
      EpisodeRecorder recorder = session.recorder().orElseThrow();
      recorder.remember(600 * SECOND, 64 << 20);
      EpisodeInfo info =
          new EpisodeInfo("live", "lift", 0, ROBOT.name(), "lift-sft", "", student.notes());
      try (RealTimeDrive drive = RealTimeDrive.start(session, new AgentFailures(), () -> {})) {
        session.begin(info);
        session.policyLoop().requestReset();
        session.control().engage();
        assertTrue(drive.runUntil(() -> state(session) == SafetyState.RUN, 60 * SECOND));
        drive.runUntil(() -> false, SECOND);
        session.control().eStop(true);
        assertTrue(drive.runUntil(() -> state(session) == SafetyState.FAULT, 60 * SECOND));
        session.control().eStop(false);
        session.control().reset();
        assertTrue(drive.runUntil(() -> state(session) == SafetyState.IDLE, 60 * SECOND));
        session.control().engage();
        assertTrue(drive.runUntil(() -> state(session) == SafetyState.RUN, 60 * SECOND));
      }
      EpisodeOutcome outcome = EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "");
      Path kept = recorder.keep(info, outcome).file();
      return List.of(session.end(outcome).orElseThrow().file(), kept);
    }
  }

  private static ReplayResult replayed(Path file, Robot robot, Mind mind, long asked) {
    return Replay.of(file, robot, mind, _ -> Optional.empty(), asked);
  }

  private static SafetyState state(RobotSession session) {
    return session.control().board().snapshot().state();
  }

  private LockstepRun lockstep(Mind mind) {
    return new LockstepRun(ROBOT, mind, "lift", SimSettings.of(Gap.none()), Optional.of(folder));
  }

  private static Path recorded(LockstepRun run, Seeds seeds) {
    return run.play(seeds, EpisodeHooks.NONE).recording().orElseThrow().file();
  }

  private static Mind student() {
    return Mind.of(Path.of(bundle("lift-sft")), ROBOT);
  }

  private static String bundle(String name) {
    return Path.of("..", "models", "bundles", name).toString();
  }

  private static Map<String, String> info(Path file) {
    try (McapReader reader = McapReader.open(file)) {
      return reader.metadata(EpisodeInfo.RECORD);
    }
  }

  /**
   * Copies a file with one bit of a topic's n-th message changed; without the topic if n is too
   * large.
   */
  private static void copy(Path from, Path to, String topic, int number) throws IOException {
    try (McapReader reader = McapReader.open(from);
        McapWriter writer =
            new McapWriter(
                FileChannel.open(
                    to,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE),
                "ros2",
                "test",
                1)) {
      writer.metadata(EpisodeInfo.RECORD, reader.metadata(EpisodeInfo.RECORD));
      Map<Integer, Integer> ids = new HashMap<>();
      for (McapChannel channel : reader.channels()) {
        int schema =
            writer.addSchema(
                channel.schema().name(), channel.schema().encoding(), channel.schema().text());
        ids.put(
            channel.id(),
            writer.addChannel(
                schema, channel.topic(), channel.messageEncoding(), channel.metadata()));
      }
      McapVisitor copying =
          new McapVisitor() {
            private int seen;

            @Override
            public void message(
                McapChannel channel, long sequence, long log, long publish, ByteBuffer payload)
                throws IOException {
              byte[] bytes = new byte[payload.remaining()];
              payload.duplicate().get(bytes);
              if (channel.topic().equals(topic)) {
                if (number == Integer.MAX_VALUE) {
                  return;
                }
                if (++seen == number) {
                  bytes = nudged(bytes);
                }
              }
              writer.message(
                  Objects.requireNonNull(ids.get(channel.id())),
                  log,
                  publish,
                  ByteBuffer.wrap(bytes),
                  0,
                  bytes.length);
            }
          };
      reader.read(copying);
      writer.finish();
    }
  }

  /** The same with the last bit of its first position changed. */
  private static byte[] nudged(byte[] jointState) {
    JointState message = JointState.decode(MemorySegment.ofArray(jointState));
    message.position()[0] = Math.nextUp(message.position()[0]);
    CdrWriter writer = new CdrWriter(1024);
    message.encode(writer);
    return writer.segment().asSlice(0, writer.length()).toArray(ValueLayout.JAVA_BYTE);
  }
}
