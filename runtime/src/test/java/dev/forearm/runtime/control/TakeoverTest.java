package dev.forearm.runtime.control;

import static dev.forearm.runtime.control.PersonRig.MS;
import static dev.forearm.runtime.control.PersonRig.TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.agent.StringConstants;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.lockstep.Rehearsal;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.TakeoverSignal;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A person takes an arm over from its policy and gives it back. */
class TakeoverTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final double[] STILL = new double[6];

  private final PersonRig rig = running(PersonRig.tabletop());

  private static PersonRig running(Robot robot) {
    PersonRig rig = new PersonRig(robot);
    rig.pass(100 * MS);
    rig.control.engage();
    rig.pass(1000 * MS);
    assertEquals("RUN NONE", rig.state());
    return rig;
  }

  @Test
  void aTwistMovesTheToolAsItSaysAndTheDriverIsNamed() {
    rig.pass(600 * MS, () -> rig.twist(STILL));
    assertEquals("RUN TAKEN_OVER", rig.state());
    assertEquals(new Driver.Human("Ada"), rig.driver());
    assertEquals("Ada", rig.control.board().snapshot().culprit());
    double[] from = tool();
    double[] before = rig.commands.getLast();
    rig.pass(1000 * MS, () -> rig.twist(0, 0, 0.1, 0, 0, 0));
    double[] moved = tool();
    assertEquals(from[0], moved[0], 2e-3);
    assertEquals(from[1], moved[1], 2e-3);
    assertEquals(from[2] + 0.1, moved[2], 4e-3); // less the way lost in getting under way
    assertArrayEquals(new double[] {from[3], from[4], from[5], from[6]}, turn(moved), 2e-3);
    assertEquals(before[7], rig.commands.getLast()[7], "the finger stays");
  }

  @Test
  void aJointGoesToItsTargetWithoutGoingPastItAndTheOthersComeToRest() {
    double goal = rig.commands.getLast()[0] + 0.4;
    int before = rig.commands.size();
    rig.pass(2000 * MS, () -> rig.goal(0, goal));
    assertEquals(goal, rig.commands.getLast()[0], 1e-12);
    assertTrue(
        rig.commands.stream().skip(before).allMatch(sent -> sent[0] <= goal + 1e-12),
        "it went past");
    for (int j = 0; j < 8; j++) {
      assertEquals(0, rig.speed(j));
    }
  }

  @Test
  void noJointIsAskedForMoreThanItsShareOfSpeed() {
    double fastest = 0;
    for (int i = 0; i < 3000; i++) {
      rig.twist(0, 5, 0, 0, 0, 5);
      rig.cycle(rig.period);
      for (int j = 0; i > 500 && j < 8; j++) { // once what the policy did is over
        fastest = Math.max(fastest, Math.abs(rig.speed(j)) / velocityMax(j));
      }
    }
    assertTrue(fastest > 0.2 && fastest <= 0.5 + 1e-9, "share " + fastest);
  }

  @Test
  void takingOverAndGivingBackChangesSpeedByNoMoreThanAccelerationAllows() {
    for (int turn = 0; turn < 5; turn++) {
      double[] before = speeds();
      rig.twist(0.1, 0.1, -0.05, 0, 0.3, 0);
      rig.cycle(rig.period);
      assertEquals("RUN TAKEN_OVER", rig.state());
      for (int j = 0; j < 8; j++) { // half of what is allowed: gently
        double most = 0.5 * rig.robot.joints().get(j).accelerationMax() * rig.period * 1e-9;
        assertEquals(before[j], rig.speed(j), most + 1e-9, "joint " + j);
      }
      rig.pass(500 * MS, () -> rig.twist(0.1, 0.1, -0.05, 0, 0.3, 0));
      rig.control.release();
      rig.cycle(rig.period);
      assertEquals("RUN NONE", rig.state(), "without a stop");
      rig.pass(700 * MS);
    }
    assertEquals(Optional.empty(), rig.audit.first());
  }

  @Test
  void howLongChunksTakeIsToldOnlyWhileTheyAreFollowed() {
    rig.inferenceNanos = 30 * MS;
    rig.pass(1000 * MS);
    assertTrue(Math.abs(rig.control.delayNanos() - 30 * MS) <= 2 * MS);
    rig.pass(300 * MS, () -> rig.twist(STILL));
    assertEquals(0, rig.control.delayNanos(), "a person drives");
    rig.control.release();
    rig.pass(100 * MS);
    assertTrue(Math.abs(rig.control.delayNanos() - 30 * MS) <= 2 * MS);
    rig.control.disengage();
    rig.pass(100 * MS);
    assertEquals(0, rig.control.delayNanos());
  }

  @Test
  void theSilentPersonsArmHoldsForAsLongAsItTakesAndOnlyAReleaseGivesItBack() {
    rig.pass(500 * MS, () -> rig.twist(0, 0.1, 0, 0, 0, 0));
    rig.pass(TIMEOUT + rig.period);
    assertEquals("HOLD PERSON_SILENT", rig.state());
    assertEquals(new Driver.Nobody(), rig.driver());
    rig.pass(10_000 * MS);
    assertEquals("HOLD PERSON_SILENT", rig.state(), "longer than trouble is waited for");
    rig.pass(100 * MS, () -> rig.twist(0, -0.1, 0, 0, 0, 0));
    assertEquals("RUN TAKEN_OVER", rig.state());
    rig.pass(1000 * MS);
    rig.control.release();
    rig.pass(rig.period);
    assertEquals("RUN NONE", rig.state());
    assertEquals(new Driver.Unknown(), rig.driver(), "a policy without a name");
    assertEquals(Optional.empty(), rig.audit.first());
  }

  @Test
  void aStreamThatGoesOnAfterAReleaseCountsOnlyOnceItHasPaused() {
    rig.pass(300 * MS, () -> rig.twist(STILL));
    rig.control.release();
    rig.pass(1000 * MS, () -> rig.twist(STILL));
    assertEquals("RUN NONE", rig.state());
    rig.pass(TIMEOUT + rig.period);
    rig.twist(STILL);
    rig.pass(rig.period);
    assertEquals("RUN TAKEN_OVER", rig.state());
  }

  @Test
  void aStreamThatWasThereWhenTheArmWasEngagedMovesNothing() {
    rig.control.disengage();
    rig.pass(1000 * MS, () -> rig.twist(STILL));
    assertEquals("IDLE NOT_ENGAGED", rig.state());
    rig.control.engage();
    rig.pass(1000 * MS, () -> rig.twist(0, 0.2, 0, 0, 0, 0));
    assertEquals("RUN NONE", rig.state());
  }

  @Test
  void aPersonMayTakeOverWhereThePolicyHasNothingToSay() {
    PersonRig idle = new PersonRig(PersonRig.tabletop());
    idle.pass(100 * MS);
    idle.control.engage();
    idle.cycle(idle.period);
    assertEquals("HOLD CHUNK_AWAITED", idle.state());
    idle.twist(STILL);
    idle.cycle(idle.period);
    assertEquals("RUN TAKEN_OVER", idle.state());
  }

  @Test
  void aLostJointStateHoldsThePersonsArmTooAndItIsTheirsWhenItIsBack() {
    rig.pass(300 * MS, () -> rig.twist(0, 0.1, 0, 0, 0, 0));
    rig.tellsJoints = false;
    rig.pass(500 * MS, () -> rig.twist(0, 0.1, 0, 0, 0, 0));
    assertEquals("HOLD JOINT_STATE_STALE", rig.state());
    rig.tellsJoints = true;
    rig.pass(500 * MS, () -> rig.twist(0, 0.1, 0, 0, 0, 0));
    assertEquals("RUN TAKEN_OVER", rig.state());
    assertEquals(Optional.empty(), rig.audit.first());
  }

  @Test
  void anEStopStopsAPersonAndTheArmIsThePolicysAfterIt() {
    rig.pass(300 * MS, () -> rig.twist(0, 0.2, 0, 0, 0, 0));
    rig.control.stop();
    rig.pass(1000 * MS, () -> rig.twist(0, 0.2, 0, 0, 0, 0));
    assertEquals("FAULT E_STOP", rig.state());
    int sent = rig.commands.size();
    rig.pass(500 * MS, () -> rig.twist(0, 0.2, 0, 0, 0, 0));
    assertEquals(sent, rig.commands.size());
    rig.control.reset();
    rig.pass(100 * MS, () -> rig.twist(0, 0.2, 0, 0, 0, 0));
    assertEquals("IDLE NOT_ENGAGED", rig.state());
    rig.control.engage();
    rig.pass(1000 * MS);
    assertEquals("RUN NONE", rig.state());
    assertEquals(Optional.empty(), rig.audit.first());
  }

  @Test
  void whoPushesAgainstTheWorkspaceGetsAwayFromItAtOnce() {
    rig.pass(6000 * MS, () -> rig.twist(0, 0, -0.25, 0, 0, 0));
    double[] atTheWall = tool();
    rig.pass(500 * MS, () -> rig.twist(0, 0, 0.1, 0, 0, 0));
    assertEquals(rig.robot.workspace().zMin(), atTheWall[2], 1e-3);
    assertTrue(tool()[2] > atTheWall[2] + 0.04, atTheWall[2] + " to " + tool()[2]);
    assertEquals(Optional.empty(), rig.audit.first());
  }

  @Test
  void withoutTheSectionOfTheRobotFileNobodyCanTakeOver() {
    Robot plain = TabletopRobot.read();
    assertEquals(Optional.empty(), plain.takeover());
    assertEquals(Optional.empty(), new RobotSignals(plain).takeover());
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("hostile")
  void whateverAPersonSaysEveryMessageKeepsEveryLimit(
      String name, Supplier<Robot> robot, long seed) {
    PersonRig hostile = running(robot.get());
    Random random = new Random(seed);
    int driven = 0;
    for (int cycle = 0; cycle < 20_000; cycle++) {
      act(hostile, random);
      boolean late = random.nextInt(20) == 0;
      hostile.cycle(late ? Math.round(6 * random.nextDouble() * hostile.period) : hostile.period);
      driven += hostile.state().equals("RUN TAKEN_OVER") ? 1 : 0;
    }
    assertEquals(Optional.empty(), hostile.audit.first());
    assertTrue(driven > 2000, "a person drove for " + driven + " cycles");
    assertTrue(driven < 18_000, "and only for a part of it");
  }

  private static Stream<Arguments> hostile() {
    return Stream.of(1L, 2L, 3L, 4L, 5L, 6L)
        .flatMap(seed ->
            Stream.of(
                Arguments.of("tabletop", (Supplier<Robot>) PersonRig::tabletop, seed),
                Arguments.of("fr3", (Supplier<Robot>) PersonRig::fr3, seed)));
  }

  private static void act(PersonRig hostile, Random random) {
    switch (random.nextInt(4000)) {
      case 0, 1, 2 -> hostile.control.release();
      case 3, 4, 5, 6, 7, 8, 9, 10 -> hostile.pass(TIMEOUT + 2 * hostile.period);
      case 11 -> hostile.control.stop();
      case 12 -> hostile.control.disengage();
      case 13 -> hostile.control.engage();
      case 14, 15 -> hostile.tellsJoints = false;
      default -> {}
    }
    if (random.nextInt(200) == 0) {
      hostile.tellsJoints = true;
      hostile.control.reset();
      if (!hostile.control.board().snapshot().state().commands()) {
        hostile.control.engage();
      }
    }
    if (random.nextInt(10) == 0) {
      int n = hostile.robot.jointCount();
      for (int i = 0; i < hostile.asked.length; i++) {
        boolean wild = i < n || random.nextInt(20) == 0;
        hostile.asked[i] = wild ? number(random) : random.nextGaussian();
      }
      hostile.asked[TakeoverSignal.frame(n)] = random.nextInt(2);
      hostile.asked[TakeoverSignal.twistNanos(n)] = hostile.now;
      hostile.say();
    }
  }

  private static double number(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> 1e300 * random.nextGaussian();
      case 1 -> Double.POSITIVE_INFINITY;
      case 2, 3, 4, 5 -> Double.NaN;
      default -> 3 * random.nextGaussian();
    };
  }

  @Test
  void aCycleAfterAPersonAllocatesNothingFromTheFirstOn() {
    Rehearsal.of(rig.robot);
    StringConstants.intern(List.of(TakeoverTest.class)); // is compiled with the loop that it turns
    double[] joints = new double[16];
    System.arraycopy(rig.commands.getLast(), 0, joints, 0, 8);
    ControlLoop loop =
        new ControlLoop(rig.robot, rig.signals, rig.policy.chunks(), (_, _) -> {}, RuntimeTap.NONE);
    long bytes = 0;
    int driven = 0;
    for (int round = 0; round < 20; round++) {
      loop.engage();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int cycle = 0; cycle < 2000; cycle++) {
        rig.now += rig.period;
        rig.signals.jointState().write(joints, 0, rig.now, rig.now);
        if (cycle > 500 && cycle < 1500) {
          rig.asked[1] = cycle % 200 < 100 ? Double.NaN : 0.1;
          rig.asked[TakeoverSignal.twist(8)] = 0.05;
          rig.asked[TakeoverSignal.twistNanos(8)] = rig.now;
          rig.say();
        } else if (cycle == 1900) {
          loop.release();
        }
        loop.tick(rig.now);
        driven += loop.driver() == null ? 0 : 1;
      }
      bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, bytes);
    assertTrue(driven > 20 * 1000, "a person drove for " + driven + " cycles");
  }

  private double[] speeds() {
    double[] speeds = new double[8];
    for (int j = 0; j < 8; j++) {
      speeds[j] = rig.speed(j);
    }
    return speeds;
  }

  private double velocityMax(int joint) {
    Joint of = rig.robot.joints().get(joint);
    return of.velocityMax();
  }

  private double[] tool() {
    double[] pose = new double[7];
    new SerialChain(rig.robot).toolPose(rig.commands.getLast(), pose);
    return pose;
  }

  private static double[] turn(double[] pose) {
    return new double[] {pose[3], pose[4], pose[5], pose[6]};
  }
}
