package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.ros.robot.EpisodeTimeline;
import dev.forearm.ros.robot.RecordedCycle;
import dev.forearm.ros.robot.RecordedStep;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.inference.CycleEvent;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pacing: joint_states} beside a robot whose clock is slow: real processes, over DDS. */
final class PacingProcessTest {
  private static final int CONTROL_HZ = 100;
  private static final long ROBOT_PERIOD_NANOS = 16_000_000; // 62.5 Hz
  private static final int CYCLES = 300;

  @TempDir private Path folder;

  private final int number = FreeDomain.take();

  /** Joints that are at once where they are told to be. */
  private volatile double[] positions = {0, -0.4, 0, -2.2, 0, 1.8, 0.785, 0.02};

  @Test
  void cyclesComeWithTheStatesOfARobotWhoseClockIsSlow() throws Exception {
    Path file = robotFile();
    Robot robot = House.robot(file.toString());
    Map<String, String> domain = Forearm.domain(number);
    try (CycloneTransport transport =
            new CycloneTransport(
                DdsOptions.loopback(number),
                new MonotonicClock(),
                (agent, cause) -> {
                  throw new AssertionError(agent, cause);
                });
        Publication states =
            transport.advertise("/joint_states", JointState.TYPE, Qos.SENSOR_DATA);
        Subscription _ =
            transport.subscribe(
                "/arm_controller/commands",
                Float64MultiArray.TYPE,
                Qos.DEFAULT,
                (cdr, _) -> positions = Float64MultiArray.decode(cdr).data());
        ScheduledExecutorService driver = Executors.newSingleThreadScheduledExecutor();
        Forearm run =
            Forearm.start(folder, domain, "run", "--robot=" + file, "--bundle=sway", "--out=.")) {
      CdrWriter writer = new CdrWriter(1024);
      var _ =
          driver.scheduleAtFixedRate(
              () -> {
                new JointState(
                        new Header(new Time(0, 0), ""),
                        robot.jointNames(),
                        positions,
                        new double[0],
                        new double[0])
                    .encode(writer);
                states.publish(writer);
              },
              0,
              ROBOT_PERIOD_NANOS,
              TimeUnit.NANOSECONDS);
      double[] start = positions;
      run.await("a running arm", () -> run.output().contains("RUN: nothing is wrong"));
      run.await("motion", () -> Math.abs(positions[0] - start[0]) > 0.05);
      TimeUnit.NANOSECONDS.sleep(CYCLES * ROBOT_PERIOD_NANOS);
      Forearm.signal(run.handle(), "TERM");
      run.exitCode();
      driver.shutdown();
    }
    Repeats repeats = new Repeats();
    Path recorded = EpisodeReader.files(folder).getFirst();
    try (McapReader episode = McapReader.open(recorded)) {
      EpisodeTimeline.read(episode, recorded.toString(), robot, repeats);
    }
    assertTrue(repeats.cycles >= CYCLES, repeats.cycles + " cycles");
    // By the machine's clock six cycles of sixteen would find the joint state of the one before.
    assertTrue(
        repeats.repeated < repeats.cycles / 4,
        repeats.repeated + " of " + repeats.cycles + " cycles found no new joint state");
  }

  /** Counts driving cycles that found the same joint state as the cycle before. */
  private static final class Repeats implements EpisodeTimeline.Reader {
    private long last;
    private int cycles;
    private int repeated;

    @Override
    public void received(String topic, long nanos, MemorySegment cdr) {}

    @Override
    public void stepped(RecordedStep step) {}

    @Override
    public void cycled(RecordedCycle cycle) {
      if (cycle.has(CycleEvent.SENT)) {
        cycles++;
        repeated += cycle.jointState() == last ? 1 : 0;
      }
      last = cycle.jointState();
    }
  }

  private Path robotFile() throws Exception {
    return Files.writeString(
        folder.resolve("slow.yaml"),
        TabletopFile.text()
            .replace("pacing: clock", "pacing: joint_states")
            .replace("rate_hz: 500", "rate_hz: " + CONTROL_HZ)
            .replace("control: 500", "control: " + CONTROL_HZ)
            .replace("joint_state: 40 ", "joint_state: 1000 "));
  }
}
