package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.ExploringPolicy;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodeTapTest {
  private static final long CONTROL_NANOS = 2_000_000;
  private static final int TICKS_PER_PLAN = 25;
  private static final Driver DRIVER = new Driver.Learned("ab12");

  private final SimulatedClock clock = new SimulatedClock();
  private final Robot robot =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  private final PolicySpec spec =
      new PolicySpec(
          List.of(new Feature("joints", new Source.JointPosition(), robot.jointCount(), "mixed")),
          List.of("joints"),
          List.of("joints"),
          List.of(4, 8),
          robot.jointNames(),
          16,
          50_000_000);
  private final double[] home = {0, -0.3, 0, -1.8, 0, 1.5, 0.785, 0.02};

  @Test
  void anEpisodeHoldsWhatWasObservedImaginedDecidedAndCommanded(@TempDir Path folder) {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      Loops loops = new Loops(recorder);
      recorder.begin(new EpisodeInfo("one", "still", 7, robot.name(), "none", "", Map.of()));
      loops.control.engage();
      loops.run(500);
      EpisodeReport report =
          recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "stood still"));

      Map<String, byte[]> last = new TreeMap<>();
      try (McapReader reader = McapReader.open(report.file())) {
        reader.read((channel, sequence, log, publish, payload) ->
            last.put(channel.topic(), bytes(payload)));
        assertEquals(500, reader.messageCount(robot.groups().getFirst().states()));
        assertEquals(20, reader.messageCount("/forearm/observation"));
        assertEquals(20, reader.messageCount("/forearm/imagination"));
        assertEquals(20, reader.messageCount("/forearm/chunk"));
        assertTrue(reader.messageCount(robot.groups().getFirst().command().topic()) > 470);
      }
      float[] observed = Float32MultiArray.decode(segment(last, "/forearm/observation")).data();
      assertArrayEquals(floats(home), observed, 1e-6f);
      Float32MultiArray imagined = Float32MultiArray.decode(segment(last, "/forearm/imagination"));
      assertEquals(2, imagined.layout().dim().getFirst().size());
      assertEquals(2 * robot.jointCount(), imagined.data().length);
      double[] chunk = Float64MultiArray.decode(segment(last, "/forearm/chunk")).data();
      assertEquals(16 * robot.jointCount(), chunk.length);
      double[] command =
          Float64MultiArray.decode(segment(last, robot.groups().getFirst().command().topic()))
              .data();
      assertArrayEquals(home, command, 1e-3);
      Float32MultiArray foresight = Float32MultiArray.decode(segment(last, "/forearm/foresight"));
      assertEquals(
          "verdict, error, realised, spread, planned", foresight.layout().dim().getFirst().label());
      assertArrayEquals(new float[] {0, 0, 0, 0, 1}, foresight.data(), 1e-6f);
      RecordedPlans plans = EpisodeReader.read(report.file());
      assertEquals(20, plans.drivers().size());
      plans.chunks().keySet().forEach(stamp -> assertEquals(DRIVER, plans.driver(stamp)));
      DiagnosticStatus safety = DiagnosticStatus.decode(segment(last, "/forearm/safety"));
      assertEquals("RUN", safety.values().getFirst().value());
    }
  }

  @Test
  void aTapThatFailedIsSaidInTheOutcomeAndRecordsNoMore(@TempDir Path folder) {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      RuntimeTap tap = new EpisodeTap(robot, spec, new EpisodeChannels(recorder)).contained();
      recorder.begin(new EpisodeInfo("one", "still", 7, robot.name(), "none", "", Map.of()));
      tap.commanded(home, SafetyState.RUN, 1);
      tap.failed(new IllegalStateException("too wide"));
      tap.commanded(home, SafetyState.RUN, 3);
      EpisodeReport report = recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, ""));
      assertFalse(report.complete());
      try (McapReader reader = McapReader.open(report.file())) {
        assertEquals(1, reader.messageCount(robot.groups().getFirst().command().topic()));
        Map<String, String> outcome = reader.metadata(EpisodeOutcome.RECORD);
        assertEquals("success", outcome.get("result"));
        assertTrue(
            outcome.getOrDefault("recording_failure", "").contains("too wide"), outcome::toString);
      }
    }
  }

  @Test
  void anExploredChunkIsReadAsThePolicyChoseIt(@TempDir Path folder) {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      List<Double> std = Collections.nCopies(robot.jointCount(), 0.001);
      Loops loops =
          new Loops(recorder, new ExploringPolicy(new StandStill(), new Exploration(std, 0.4, 1)));
      recorder.begin(new EpisodeInfo("one", "still", 7, robot.name(), "none", "", Map.of()));
      loops.run(500);
      EpisodeReport report =
          recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "stood still"));

      Map<String, byte[]> last = new TreeMap<>();
      try (McapReader reader = McapReader.open(report.file())) {
        assertEquals(20, reader.messageCount("/forearm/exploration"));
        reader.read((channel, sequence, log, publish, payload) ->
            last.put(channel.topic(), bytes(payload)));
      }
      double[] sent = Float64MultiArray.decode(segment(last, "/forearm/chunk")).data();
      double[] added = Float64MultiArray.decode(segment(last, "/forearm/exploration")).data();
      double[] chosen = EpisodeReader.read(report.file()).chunks().lastEntry().getValue();
      for (int i = 0; i < chosen.length; i++) {
        assertEquals(home[i % home.length], chosen[i], 1e-12);
        assertEquals(home[i % home.length] + added[i % home.length], sent[i], 1e-12);
      }
      assertTrue(Arrays.stream(added).allMatch(value -> value != 0));
    }
  }

  @Test
  void recordingCostsTheControlThreadNoAllocation(@TempDir Path folder) {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      Loops loops = new Loops(recorder);
      recorder.begin(new EpisodeInfo("one", "still", 7, robot.name(), "none", "", Map.of()));
      loops.control.engage();
      loops.warmUp();
      assertEquals(0, loops.leastControlBytes(() -> loops.run(2_000)));
    }
  }

  @Test
  void lettingGoAndTakingHoldAgainCostsNoAllocationEither(@TempDir Path folder) {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      Loops loops = new Loops(recorder);
      loops.control.engage();
      loops.warmUp();
      long least =
          loops.leastControlBytes(() -> {
            for (int i = 0; i < 5; i++) {
              loops.control.disengage();
              loops.run(300);
              loops.control.engage();
              loops.run(300);
            }
          });
      assertEquals(0, least);
    }
  }

  /** Both loops on a robot that stands still, stepped on this thread. */
  private final class Loops {
    final ControlLoop control;
    final PolicyLoop policy;
    private final EpisodeRecorder recorder;
    private final Publication jointStates;
    private final CdrWriter writer = new CdrWriter(1024);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int ticks;
    long controlBytes;

    Loops(EpisodeRecorder recorder) {
      this(recorder, new StandStill());
    }

    Loops(EpisodeRecorder recorder, Policy planned) {
      this.recorder = recorder;
      RobotSignals signals = new RobotSignals(robot);
      InProcessTransport transport = new InProcessTransport(clock);
      EpisodeChannels channels = new EpisodeChannels(recorder);
      new RobotBridge(robot, signals, transport, Optional.of(channels));
      EpisodeTap tap = new EpisodeTap(robot, spec, channels);
      jointStates =
          transport.advertise(robot.groups().getFirst().states(), JointState.TYPE, Qos.SENSOR_DATA);
      float[] scale = new float[spec.frameWidth()];
      Arrays.fill(scale, 1);
      InstalledPolicy installed = new InstalledPolicy("still", "", planned, scale, robot, signals);
      policy = new PolicyLoop(installed, robot, tap, clock);
      control =
          new ControlLoop(robot, signals, policy.chunks(), (positions, stampNanos) -> {}, tap);
      new JointState(
              new Header(new Time(1, 0), ""),
              robot.jointNames(),
              home,
              new double[home.length],
              new double[0])
          .encode(writer);
    }

    /** Until the just-in-time compiler is done, however busy the machine: three quiet seconds. */
    void warmUp() {
      int quiet = 0;
      for (int second = 0; second < 100 && quiet < 3; second++) {
        controlBytes = 0;
        run(500);
        quiet = controlBytes == 0 ? quiet + 1 : 0;
      }
    }

    /** Of some rounds: the compiler may allocate on the thread that is measured, once. */
    long leastControlBytes(Runnable round) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        controlBytes = 0;
        round.run();
        least = Math.min(least, controlBytes);
      }
      return least;
    }

    void run(int count) {
      for (int i = 0; i < count; i++, ticks++) {
        clock.advance(CONTROL_NANOS);
        jointStates.publish(writer);
        if (ticks % TICKS_PER_PLAN == 0) {
          policy.step(clock.nanos());
          recorder.drain();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        control.tick(clock.nanos());
        controlBytes += threads.getCurrentThreadAllocatedBytes() - before;
      }
    }
  }

  private final class StandStill implements Policy {
    @Override
    public PolicySpec spec() {
      return spec;
    }

    @Override
    public void reset() {}

    @Override
    public void plan(Observation observation, Plan plan) {
      plan.imagines(true);
      plan.driver(DRIVER);
      for (int i = 0; i < plan.imagined().length; i++) {
        plan.imagined()[i] = observation.values()[i % robot.jointCount()];
      }
      for (int i = 0; i < plan.actions().length; i++) {
        plan.actions()[i] = home[i % robot.jointCount()];
      }
    }
  }

  private static byte[] bytes(ByteBuffer payload) {
    byte[] copy = new byte[payload.remaining()];
    payload.get(copy);
    return copy;
  }

  private static MemorySegment segment(Map<String, byte[]> messages, String topic) {
    byte[] message = messages.get(topic);
    if (message == null) {
      throw new AssertionError("no " + topic + " in " + messages.keySet());
    }
    return MemorySegment.ofArray(message);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
