package dev.forearm.launch.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.launch.House;
import dev.forearm.launch.session.LockstepDrive;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.policy.ManeuverPolicy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.node.SimulatedArm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An FR3, which has limits of jerk, and a person with one key. */
final class PoseJogTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private static final long STEP_NANOS = 1 * MS;
  private static final int JOINT = 3;
  private static final double WAY = 0.8; // rad

  private final Robot robot = House.robot("fr3");
  private final SimulatedClock clock = new SimulatedClock();
  private final LimitAudit audit = new LimitAudit(robot);
  private final ManeuverPolicy policy = new ManeuverPolicy(robot);
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final SimulatedArm arm = new SimulatedArm(transport, robot, false, false);
  private final Mind mind = GuidedArm.mind(policy);
  private final RobotSession session =
      new RobotSession(
          robot, mind, transport, clock, Optional.empty(), audit, new LimitAudit(robot));
  private final LockstepDrive drive = new LockstepDrive(session, clock, arm, STEP_NANOS, () -> 0);
  private final List<String> said = new ArrayList<>();
  private final List<Capture> captures =
      List.of(
          new Capture(
              new double[robot.jointCount()], new BoardView("1", new int[0], new double[0])));
  private final PoseJog jog =
      new PoseJog(robot, new GuidedArm(session, policy, said::add), new Further(), said::add);

  /** Wants one joint to turn a way. */
  private static final class Further implements Coach {
    @Override
    public Optional<String> advice(List<Capture> taken, int width, int height) {
      return Optional.empty();
    }

    @Override
    public Optional<double[]> pose(List<Capture> taken, double[] standing) {
      double[] pose = standing.clone();
      pose[JOINT] += WAY;
      return Optional.of(pose);
    }
  }

  @AfterEach
  void close() {
    drive.close();
    session.close();
    mind.close();
    arm.close();
    transport.close();
  }

  @Test
  void nothingMovesUnlessTheKeyIsHeld() {
    pass(2 * SECOND, TypedKeys.NONE);
    press('m');
    assertTrue(
        said.getLast().matches("a pose: fr3_joint4 by (46|45) deg, .*; hold m"), said::toString);
    pass(2 * SECOND, TypedKeys.NONE);
    press('m');
    pass(2 * SECOND, TypedKeys.NONE);
    press('s');
    assertEquals(0, audit.commands());
  }

  @Test
  void heldItMovesAndLetGoOfItStopsWithinAllLimitsAndHeldAgainItArrives() {
    propose();
    double start = position();
    pass(3 * SECOND, 'm');
    assertTrue(jog.underWay(), said::toString);
    pass(SECOND, TypedKeys.NONE);
    assertEquals("stopped", said.getLast());
    assertEquals(SafetyState.IDLE, session.control().board().snapshot().state());
    double stopped = position();
    assertTrue(stopped > start + 0.05 && stopped < start + WAY - 0.05, () -> "at " + stopped);
    long commands = audit.commands();
    pass(2 * SECOND, TypedKeys.NONE);
    assertEquals(commands, audit.commands());
    assertEquals(stopped, position(), 1e-3);

    pass(15 * SECOND, 'm');
    assertEquals("there; m proposes another pose", said.getLast());
    assertEquals(start + WAY, position(), 0.02);
    commands = audit.commands();
    pass(5 * SECOND, 'm');
    assertEquals(commands, audit.commands(), "a key still held goes nowhere else");
    assertEquals(0, audit.violations(), () -> audit.first().orElse(""));
  }

  @Test
  void anotherKeyStopsItUntilTheKeyIsLetGoOf() {
    propose();
    pass(3 * SECOND, 'm');
    press('x');
    pass(SECOND / 2, 'm');
    pass(SECOND, 'm');
    assertEquals("stopped", said.getLast());
    long commands = audit.commands();
    pass(2 * SECOND, 'm');
    assertEquals(commands, audit.commands());
    assertEquals(0, audit.violations(), () -> audit.first().orElse(""));
  }

  @Test
  void itStopsIfNobodyLooksAtTheKeyAnyMore() {
    propose();
    double start = position();
    pass(3 * SECOND, 'm');
    boolean _ = drive.runUntil(() -> false, SECOND);
    double[] stopped = positions();
    boolean _ = drive.runUntil(() -> false, 2 * SECOND);
    assertArrayEquals(stopped, positions(), 2e-3);
    assertTrue(position() > start + 0.05 && position() < start + WAY - 0.1, said::toString);
    assertEquals(0, audit.violations(), () -> audit.first().orElse(""));
  }

  private void propose() {
    pass(SECOND, TypedKeys.NONE);
    press('m');
    pass(3 * SECOND / 2, TypedKeys.NONE);
  }

  private void press(int key) {
    boolean _ = jog.turn(key, clock.nanos(), captures);
  }

  /** Lets time pass; a key that is held repeats as that of a keyboard. */
  private void pass(long nanos, int held) {
    long begun = clock.nanos();
    long[] next = {begun};
    boolean _ =
        drive.runUntil(
            () -> {
              boolean due = held != TypedKeys.NONE && clock.nanos() >= next[0];
              if (due) {
                next[0] += next[0] == begun ? 500 * MS : 33 * MS;
              }
              boolean _ = jog.turn(due ? held : TypedKeys.NONE, clock.nanos(), captures);
              return false;
            },
            nanos);
  }

  private double position() {
    return positions()[JOINT];
  }

  private double[] positions() {
    return session.control().board().snapshot().measured();
  }
}
