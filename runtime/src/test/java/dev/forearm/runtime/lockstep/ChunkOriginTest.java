package dev.forearm.runtime.lockstep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ChunkOrigin;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.signal.ObservationAssembler;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Actions count from when what they were planned from was measured. */
class ChunkOriginTest {
  private static final long MS = 1_000_000;
  private static final double SPEED = 0.2; // rad/s

  private static Robot robot(ChunkOrigin origin) {
    return RobotFile.parse(
        TabletopRobot.text()
            .replace("chunk_origin: joint_states", "chunk_origin: " + origin.word()),
        "robot");
  }

  /** Leads the first joint on from where it was seen, always at the same speed. */
  private record Leading(PolicySpec spec) implements Policy {
    @Override
    public void reset() {}

    @Override
    public void plan(Observation observation, Plan plan) {
      for (int i = 0; i < plan.actions().length; i++) {
        int step = i / 8 + 1;
        double ahead = i % 8 == 0 ? SPEED * step * spec.periodNanos() * 1e-9 : 0;
        plan.actions()[i] = observation.values()[i % 8] + ahead;
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // held, never compared
  private record Measured(double[] state, long nanos) {}

  /** How far the first joint comes in two seconds if joint states arrive so late. */
  private static double way(ChunkOrigin origin, long latencyNanos) {
    Robot robot = robot(origin);
    SimulatedClock clock = new SimulatedClock();
    RobotSignals signals = new RobotSignals(robot);
    double[] arm = SwayingPolicy.ready();
    Policy leading = new Leading(SwayingPolicy.specFor(robot));
    float[] scale = new float[leading.spec().frameWidth()];
    Arrays.fill(scale, 1);
    InstalledPolicy installed = new InstalledPolicy("leading", "", leading, scale, robot, signals);
    PolicyLoop policy = new PolicyLoop(installed, robot, RuntimeTap.NONE, clock);
    CommandSink exact =
        (positions, stampNanos) -> System.arraycopy(positions, 0, arm, 0, positions.length);
    ControlLoop control = new ControlLoop(robot, signals, policy.chunks(), exact, RuntimeTap.NONE);
    Queue<Measured> onTheWay = new ArrayDeque<>();
    Physics physics =
        now -> {
          onTheWay.add(new Measured(Arrays.copyOf(arm, 16), now));
          while (!onTheWay.isEmpty() && onTheWay.peek().nanos + latencyNanos <= now) {
            Measured arrived = onTheWay.remove();
            signals.jointState().write(arrived.state, 0, arrived.nanos, now);
          }
          signals.object("red_cube").write(new double[] {.5, 0, 0, 1, 0, 0, 0}, 0, now, now);
        };
    Lockstep lockstep = new Lockstep(clock, robot, physics, policy, control, () -> {}, 2 * MS, 0);
    lockstep.runUntil(() -> false, 100 * MS);
    control.engage();
    lockstep.runUntil(() -> false, 1000 * MS);
    double start = arm[0];
    lockstep.runUntil(() -> false, 2000 * MS);
    assertEquals(0, policy.statistics().offClock());
    return arm[0] - start;
  }

  @Test
  void anArmIsNotSlowedDownByTheAgeOfWhatItsPolicySees() {
    double fresh = way(ChunkOrigin.JOINT_STATES, 0);
    assertEquals(2 * SPEED, fresh, 0.05 * fresh, "but for the cycle between command and motion");
    for (ChunkOrigin origin : List.of(ChunkOrigin.JOINT_STATES, ChunkOrigin.OLDEST)) {
      double way = way(origin, 30 * MS);
      assertTrue(way >= 0.99 * fresh && way <= 2 * SPEED, () -> origin + ": " + way);
    }
    assertTrue(way(ChunkOrigin.ASSEMBLY, 30 * MS) < 0.75 * fresh, "late by its age");
  }

  @Test
  void theOriginIsTheMeasuringOfTheJointsOrOfTheOldestOrTheAssembly() {
    assertEquals(20 * MS, origin(ChunkOrigin.JOINT_STATES, 20 * MS, 0));
    assertEquals(10 * MS, origin(ChunkOrigin.OLDEST, 20 * MS, 0));
    assertEquals(40 * MS, origin(ChunkOrigin.ASSEMBLY, 20 * MS, 0));
  }

  @Test
  void aStampOfAnotherClockGivesWayToTheTimeOfArrivalAndIsCounted() {
    long future = 31 * MS;
    long epoch = 1_700_000_000_000L * MS;
    for (long stamp : new long[] {future, epoch, 0, -300 * MS}) {
      long transit = 30 * MS - stamp;
      boolean ofThisClock = transit >= 0 && transit <= 250 * MS;
      assertEquals(
          ofThisClock ? stamp : 30 * MS,
          origin(ChunkOrigin.JOINT_STATES, stamp, ofThisClock ? 0 : 1));
    }
  }

  /** Joint states measured then and received at 30 ms, cube measured at 10 ms, all seen at 40. */
  private static long origin(ChunkOrigin origin, long stamp, long offClock) {
    Robot robot = robot(origin);
    RobotSignals signals = new RobotSignals(robot);
    PolicySpec spec = SwayingPolicy.specFor(robot);
    signals.jointState().write(new double[16], 0, stamp, 30 * MS);
    signals.object("red_cube").write(new double[] {0, 0, 0, 1, 0, 0, 0}, 0, 10 * MS, 30 * MS);
    ObservationAssembler assembler = new ObservationAssembler(spec, robot, signals);
    Observation observation = new Observation(spec.observationWidth());
    assertTrue(assembler.assemble(40 * MS, observation).ready());
    assertEquals(40 * MS, observation.stampNanos());
    assertEquals(offClock, assembler.offClock());
    return observation.originNanos();
  }

  @Test
  void anOriginThatIsNoneIsRefused() {
    String text = TabletopRobot.text().replace("chunk_origin: joint_states", "chunk_origin: now");
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> RobotFile.parse(text, "robot"));
    assertTrue(String.valueOf(fault).contains("found 'now', wanted joint_states, oldest or"));
  }
}
