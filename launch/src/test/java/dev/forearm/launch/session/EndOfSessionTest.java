package dev.forearm.launch.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimNode;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ends of a session that nobody planned: real threads, a simulated arm, topics in process. */
final class EndOfSessionTest {
  private static final Robot ROBOT = House.robot("tabletop");
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final List<Listing.Sent> commands = Collections.synchronizedList(new ArrayList<>());
  private final AgentFailures failures = new AgentFailures();
  private final MonotonicClock clock = new MonotonicClock();
  private final Swing swing = new Swing();

  /** Swings the first joint, until it is told to fail. */
  private static final class Swing implements Policy {
    private final PolicySpec spec = Mind.expert(Task.LIFT, ROBOT).policy().spec();
    volatile @Nullable Error failure;

    @Override
    public PolicySpec spec() {
      return spec;
    }

    @Override
    public void reset() {}

    @Override
    public void plan(Observation observation, Plan plan) {
      Error now = failure;
      if (now != null) {
        throw now;
      }
      double[] actions = plan.actions();
      for (int i = 0; i < actions.length; i++) {
        int joint = i % ROBOT.jointCount();
        double t = observation.stampNanos() * 1e-9 + (i / ROBOT.jointCount() + 1) * 0.05;
        actions[i] = joint == 0 ? 0.5 * Math.sin(2 * t) : observation.values()[joint];
      }
    }
  }

  private interface Act {
    void on(RobotSession session, RealTimeDrive drive) throws Exception;
  }

  @Test
  void anExceptionBringsTheArmToRestBeforeTheCommandsEnd() {
    IllegalStateException broken = new IllegalStateException("broken on purpose");
    assertSame(
        broken,
        assertThrows(
            IllegalStateException.class,
            () ->
                inMotion((session, drive) -> {
                  throw broken;
                })));
    requireRest();
  }

  @Test
  void anErrorOnTheInferenceThreadStopsTheArmWithItsReasonAndIsKept() throws Exception {
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    inMotion((session, drive) -> {
      swing.failure = error;
      drive.runUntil(() -> false, PATIENCE_NANOS); // ends by the failure
      awaitState(session, SafetyState.FAULT);
      ControlSnapshot last = session.control().board().snapshot();
      assertEquals(SafetyReason.AGENT_FAILED, last.reason());
      assertEquals("inference", last.culprit());
      assertEquals(new AgentFailure("inference", error), drive.failure().orElseThrow());
    });
    requireRest();
  }

  @Test
  void aTransportThatFailsStopsTheArmAsWell() throws Exception {
    inMotion((session, drive) -> {
      failures.failed("ros-receive", new LinkageError("on purpose"));
      awaitState(session, SafetyState.FAULT);
      assertEquals("ros-receive", session.control().board().snapshot().culprit());
    });
    requireRest();
  }

  private void inMotion(Act act) throws Exception {
    try (InProcessTransport transport = new InProcessTransport(clock);
        SimNode _ = new SimNode(transport, SimSettings.of(Gap.none()), false);
        RobotSession session =
            new RobotSession(
                ROBOT,
                new Mind(swing, scale(), "swing", "none", ""),
                transport,
                clock,
                Optional.empty(),
                new Listing(commands),
                new Listing(new ArrayList<>()));
        RealTimeDrive drive = RealTimeDrive.start(session, failures, () -> {})) {
      session.control().engage();
      assertTrue(drive.runUntil(() -> moving(session), PATIENCE_NANOS), "it never moved");
      act.on(session, drive);
    }
  }

  private float[] scale() {
    float[] ones = new float[swing.spec().frameWidth()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The first joint's commands since the arm last started over. */
  private record Listing(List<Sent> commands) implements RuntimeTap {
    record Sent(double position, long nanos) {}

    @Override
    public void commanded(double[] positions, SafetyState state, long stampNanos) {
      commands.add(new Sent(positions[0], stampNanos));
    }

    @Override
    public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
      if (reason == SafetyReason.CHUNK_AWAITED) {
        commands.clear();
      }
    }
  }

  private static boolean moving(RobotSession session) {
    ControlSnapshot now = session.control().board().snapshot();
    return now.state() == SafetyState.RUN && Math.abs(now.commandVelocity()[0]) > 0.3;
  }

  private static void awaitState(RobotSession session, SafetyState wanted)
      throws InterruptedException {
    while (session.control().board().snapshot().state() != wanted) {
      Thread.sleep(5);
    }
  }

  private void requireRest() {
    double period = ROBOT.controlPeriodNanos() * 1e-9;
    double step = ROBOT.joints().get(0).accelerationMax() * period; // change of speed in a cycle
    double speed = 0;
    for (int i = 1; i < commands.size(); i++) {
      double elapsed = (commands.get(i).nanos() - commands.get(i - 1).nanos()) * 1e-9;
      double travel = commands.get(i).position() - commands.get(i - 1).position();
      double next = travel / Math.min(elapsed, period);
      assertTrue(Math.abs(next - speed) <= step + 1e-6, "jerked at message " + i);
      speed = next;
    }
    assertTrue(Math.abs(speed) <= step, "the last message still moved by " + speed + " rad/s");
  }
}
