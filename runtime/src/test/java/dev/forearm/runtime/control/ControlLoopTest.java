package dev.forearm.runtime.control;

import static dev.forearm.runtime.ArmRig.MS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.FaultPlan.Fault;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLoopTest {
  @Test
  void nothingIsSentBeforeTheArmIsEngaged() {
    ArmRig rig = rig(FaultPlan.none());
    rig.runFor(500 * MS);
    assertEquals(0, rig.commandsSent);
    assertEquals(SafetyState.IDLE, state(rig));
  }

  @Test
  void engagedArmHoldsWhereItIsUntilAFreshChunkLetsItRun() {
    ArmRig rig = rig(FaultPlan.none());
    rig.arm[0] = 0.3; // not where the policy's path begins
    rig.command[0] = 0.3;
    rig.runFor(200 * MS);
    rig.control.engage();
    rig.runFor(40 * MS); // the chunk of 200 ms is older than the wish: it does not count
    assertEquals(SafetyState.HOLD, state(rig));
    assertEquals(SafetyReason.CHUNK_AWAITED, reason(rig));
    assertEquals(0.3, rig.command[0], 1e-9);
    rig.runFor(20 * MS);
    assertEquals(SafetyState.RUN, state(rig));
  }

  @Test
  void runningArmFollowsThePolicysPath() {
    ArmRig rig = running(FaultPlan.none());
    rig.runFor(2000 * MS);
    SwayingPolicy policy = new SwayingPolicy(rig.robot, 0.2, FaultPlan.none());
    for (int j = 0; j < 8; j++) {
      assertEquals(policy.position(j, rig.clock.nanos()), rig.command[j], 2e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 500, 1000, 2000})
  void everyCommandKeepsEveryLimitAtAnyRate(int hertz) {
    LimitTap limits = new LimitTap();
    ArmRig rig = new ArmRig(TabletopRobot.at(hertz), 0.6, FaultPlan.none(), limits, 0);
    limits.watch(rig);
    rig.control.engage();
    rig.runFor(5000 * MS);
    assertEquals(SafetyState.RUN, state(rig));
    limits.requireKept();
    assertTrue(limits.commands > 4L * hertz);
  }

  @Test
  void lostJointStateHoldsWithin100Milliseconds() {
    ArmRig rig = running(FaultPlan.one(Fault.JOINT_STATE_LOST, 1000 * MS, 3000 * MS));
    rig.runFor(1000 * MS - rig.clock.nanos());
    assertEquals(SafetyState.RUN, state(rig));
    rig.runFor(100 * MS);
    assertEquals(SafetyState.HOLD, state(rig));
    assertEquals(SafetyReason.JOINT_STATE_STALE, reason(rig));
  }

  @Test
  void holdCommandsOneFixedPosition() {
    ArmRig rig = running(FaultPlan.one(Fault.JOINT_STATE_LOST, 1000 * MS, 3000 * MS));
    rig.runFor(1340 * MS - rig.clock.nanos()); // 40 ms to notice, at most 290 ms to brake
    double[] held = rig.command.clone();
    long sent = rig.commandsSent;
    rig.runFor(600 * MS);
    assertEquals(300, rig.commandsSent - sent);
    assertArrayEquals(held, rig.command);
  }

  @Test
  void longHoldRampsDownAndStopsAndSendsNothing() {
    ArmRig rig = running(FaultPlan.one(Fault.OBJECT_LOST, 1000 * MS, 9000 * MS));
    rig.runFor(4000 * MS - rig.clock.nanos());
    assertEquals(SafetyState.STOPPED, state(rig));
    long sent = rig.commandsSent;
    rig.runFor(1000 * MS);
    assertEquals(sent, rig.commandsSent);
  }

  @Test
  void returnedJointStateRestartsFromMeasuredAndWaitsForAFreshChunk() {
    ArmRig rig = running(FaultPlan.one(Fault.JOINT_STATE_LOST, 1000 * MS, 1600 * MS));
    rig.runFor(1598 * MS - rig.clock.nanos());
    rig.arm[1] -= 0.2; // somebody moved it meanwhile
    double moved = rig.arm[1];
    rig.command[1] = moved;
    rig.runFor(2 * MS);
    assertEquals(SafetyState.HOLD, state(rig));
    assertEquals(SafetyReason.CHUNK_AWAITED, reason(rig));
    assertEquals(moved, rig.command[1], 0.02); // no jump back to the old hold position
    rig.runFor(50 * MS);
    assertEquals(SafetyState.RUN, state(rig));
  }

  @Test
  void jointStateThatIsBackBeforeTheArmRestsDoesNotCutTheBrakingShort() {
    LimitAudit audit = new LimitAudit(TabletopRobot.read());
    FaultPlan lostBriefly = FaultPlan.one(Fault.JOINT_STATE_LOST, 1000 * MS, 1050 * MS);
    ArmRig rig = new ArmRig(0.6, lostBriefly, audit, 0);
    rig.control.engage();
    rig.runFor(1046 * MS);
    assertEquals(SafetyReason.JOINT_STATE_STALE, reason(rig));
    assertTrue(moving(rig));
    rig.runFor(10 * MS); // it is back
    assertEquals(SafetyReason.JOINT_STATE_STALE, reason(rig));
    rig.runFor(500 * MS);
    assertEquals(SafetyState.RUN, state(rig));
    assertEquals("", audit.first().orElse(""));
  }

  @Test
  void stoppedArmResumesByItselfOnceTheSignalIsBack() {
    ArmRig rig = running(FaultPlan.one(Fault.JOINT_STATE_LOST, 1000 * MS, 6000 * MS));
    rig.runFor(5900 * MS - rig.clock.nanos());
    assertEquals(SafetyState.STOPPED, state(rig));
    rig.runFor(300 * MS);
    assertEquals(SafetyState.RUN, state(rig));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultHoldsForItsOwnReason(Fault fault) {
    ArmRig rig = running(FaultPlan.one(fault, 1000 * MS, 1500 * MS));
    rig.runFor(1450 * MS - rig.clock.nanos());
    SafetyReason expected =
        switch (fault) {
          case JOINT_STATE_LOST -> SafetyReason.JOINT_STATE_STALE;
          case OBJECT_LOST -> SafetyReason.OBSERVATION_STALE;
          case ACTOR_SAYS_NAN -> SafetyReason.ACTION_NOT_FINITE;
          case ACTOR_RUNS_WILD -> SafetyReason.ACTION_OUT_OF_RANGE;
          case POLICY_THROWS -> SafetyReason.POLICY_FAILED;
        };
    assertEquals(SafetyState.HOLD, state(rig));
    assertEquals(expected, reason(rig));
    rig.runFor(300 * MS);
    assertEquals(SafetyState.RUN, state(rig));
  }

  @Test
  void refusalNamesTheJointOrSignal() {
    ArmRig nan = running(FaultPlan.one(Fault.ACTOR_SAYS_NAN, 1000 * MS, 1500 * MS));
    nan.runFor(1200 * MS - nan.clock.nanos());
    assertEquals("panda_joint3", nan.control.board().snapshot().culprit());
    ArmRig lost = running(FaultPlan.one(Fault.OBJECT_LOST, 1000 * MS, 1500 * MS));
    lost.runFor(1400 * MS - lost.clock.nanos());
    assertEquals("object:red_cube", lost.control.board().snapshot().culprit());
  }

  @Test
  void policyThatStopsPlanningHoldsAsStale() {
    ArmRig rig = running(FaultPlan.none());
    rig.runFor(1000 * MS - rig.clock.nanos());
    double[] state = new double[16];
    System.arraycopy(rig.arm, 0, state, 0, 8);
    long now = rig.clock.nanos();
    for (long t = 2 * MS; t <= 550 * MS; t += 2 * MS) { // control alone, the policy is gone
      rig.signals.jointState().write(state, 0, now + t, now + t);
      rig.control.tick(now + t);
      SafetyReason reason = reason(rig);
      assertEquals(t > 500 * MS ? SafetyReason.CHUNK_STALE : SafetyReason.NONE, reason);
    }
  }

  @Test
  void disengagedArmComesToRestAndIsLetGo() {
    ArmRig rig = running(FaultPlan.none());
    rig.control.disengage();
    rig.runFor(2 * MS);
    assertEquals(SafetyState.RAMP_DOWN, state(rig));
    rig.runFor(400 * MS);
    assertEquals(SafetyState.IDLE, state(rig));
    long sent = rig.commandsSent;
    rig.runFor(100 * MS);
    assertEquals(sent, rig.commandsSent);
  }

  @Test
  void engagingAgainStartsOverFromWhereTheArmIs() {
    ArmRig rig = running(FaultPlan.none());
    rig.control.disengage();
    rig.control.engage(); // both before the next cycle
    rig.runFor(400 * MS);
    assertEquals(SafetyState.RUN, state(rig));
    assertNotEquals(0, rig.commandsSent);
  }

  @Test
  void jointMeasuredFarOutsideItsLimitsIsNotEngaged() {
    ArmRig rig = rig(FaultPlan.none());
    rig.arm[3] = 0.4; // limit -0.0698
    rig.command[3] = 0.4;
    rig.runFor(10 * MS);
    rig.control.engage();
    rig.runFor(100 * MS);
    assertEquals(0, rig.commandsSent);
    assertEquals(SafetyReason.JOINT_OUTSIDE_LIMITS, reason(rig));
  }

  @Test
  void failureInsideTheLoopRampsDownAndOneInTheRampStopsTheCommands() {
    ArmRig rig = rig(FaultPlan.none());
    ControlLoop broken =
        new ControlLoop(
            rig.robot,
            rig.signals,
            rig.policy.chunks(),
            (_, _) -> {
              throw new LinkageError("sink is gone");
            },
            RuntimeTap.NONE);
    rig.runFor(100 * MS);
    broken.engage();
    broken.tick(rig.clock.nanos());
    assertEquals(SafetyState.RAMP_DOWN, broken.board().snapshot().state());
    assertEquals(SafetyReason.CONTROL_FAULT, broken.board().snapshot().reason());
    rig.runFor(2 * MS);
    broken.tick(rig.clock.nanos());
    assertEquals(SafetyState.FAULT, broken.board().snapshot().state());
    assertEquals(SafetyReason.CONTROL_FAULT, broken.board().snapshot().reason());
    Throwable failure = broken.board().failure();
    assertEquals("sink is gone", failure == null ? "" : failure.getMessage());
  }

  @Test
  void failureInMidMotionBringsTheArmToRestWithinItsLimits() {
    LimitTap limits = new LimitTap();
    List<SafetyReason> told = new ArrayList<>();
    RuntimeTap tap =
        limits.andThen(
            new RuntimeTap() {
              @Override
              public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
                told.add(reason);
              }
            });
    ArmRig rig = new ArmRig(0.6, FaultPlan.none(), tap, 0);
    limits.watch(rig);
    rig.control.engage();
    rig.runFor(1000 * MS);
    assertTrue(moving(rig));
    rig.failOnce = new IllegalStateException("broken on purpose");
    rig.runFor(600 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
    assertEquals(SafetyReason.CONTROL_FAULT, reason(rig));
    assertFalse(moving(rig));
    assertTrue(told.contains(SafetyReason.CONTROL_FAULT), "recorded: " + told);
    limits.requireKept();
    assertEquals(limits.commands, rig.commandsSent);
  }

  @Test
  void agentThatEndsTooEarlyBringsTheArmToRestAndIsNamed() {
    ArmRig rig = running(FaultPlan.none());
    rig.control.fail("inference");
    rig.runFor(2 * MS);
    assertEquals(SafetyState.RAMP_DOWN, state(rig));
    rig.runFor(600 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
    assertEquals(SafetyReason.AGENT_FAILED, reason(rig));
    assertEquals("inference", rig.control.board().snapshot().culprit());
    long sent = rig.commandsSent;
    rig.runFor(3000 * MS); // signals and chunks are fine, but nothing of that resumes it
    assertEquals(sent, rig.commandsSent);
    assertEquals(SafetyState.FAULT, state(rig));
  }

  @Test
  void controlThreadThatIsGoneShowsAsFault() {
    ArmRig rig = running(FaultPlan.none());
    OutOfMemoryError gone = new OutOfMemoryError("no thread is left to say so");
    rig.control.ended(gone);
    assertEquals(SafetyState.FAULT, state(rig));
    assertEquals(SafetyReason.CONTROL_FAULT, reason(rig));
    assertSame(gone, rig.control.board().failure());
  }

  @Test
  void commandThatHasNotLeftHoldsTheMotionUpAndNoMessageMakesUpForIt() {
    ArmRig rig = running(FaultPlan.none());
    rig.sinkReady = false;
    double[] before = rig.command.clone();
    rig.runFor(20 * MS); // ten cycles
    assertArrayEquals(before, rig.command);
    rig.sinkReady = true;
    rig.runFor(2 * MS);
    for (int j = 0; j < before.length; j++) {
      double travel = Math.abs(rig.command[j] - before[j]);
      assertTrue(travel <= 0.002 * rig.robot.joints().get(j).velocityMax() + 1e-12);
    }
    rig.runFor(500 * MS);
    assertEquals(SafetyState.RUN, state(rig));
  }

  @Test
  void failedLoopRunsAgainOnlyWhenSomebodyResetsAndThenEngagesIt() {
    ArmRig rig = running(FaultPlan.none());
    rig.failOnce = new IllegalStateException("broken on purpose");
    rig.runFor(3000 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
    assertEquals(SafetyReason.CONTROL_FAULT, reason(rig));
    rig.control.engage();
    rig.runFor(200 * MS);
    assertEquals(SafetyState.FAULT, state(rig), "engaging is not resetting");
    rig.control.reset();
    rig.runFor(200 * MS);
    assertEquals(SafetyState.IDLE, state(rig), "resetting moves nothing");
    rig.control.engage();
    rig.runFor(200 * MS);
    assertEquals(SafetyState.RUN, state(rig));
    assertNull(rig.control.board().failure(), "engaging again ends a failure");
  }

  @Test
  void eStopBringsTheArmToRestAndWaitsForReleaseResetAndEngaging() {
    LimitTap limits = new LimitTap();
    ArmRig rig = new ArmRig(0.6, FaultPlan.none(), limits, 0);
    limits.watch(rig);
    rig.control.engage();
    rig.runFor(1000 * MS);
    assertTrue(moving(rig));
    rig.control.eStop(true);
    rig.runFor(2 * MS);
    assertEquals(SafetyState.RAMP_DOWN, state(rig));
    rig.control.reset(); // too early to count
    rig.runFor(600 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
    assertEquals(SafetyReason.E_STOP, reason(rig));
    assertFalse(moving(rig));
    rig.control.reset();
    rig.control.engage();
    rig.runFor(100 * MS);
    assertEquals(SafetyState.FAULT, state(rig), "it is still pressed");
    rig.control.eStop(false);
    rig.runFor(3000 * MS);
    assertEquals(SafetyState.FAULT, state(rig), "released is not reset");
    rig.control.reset();
    rig.runFor(100 * MS);
    assertEquals(SafetyState.IDLE, state(rig));
    rig.control.engage();
    rig.runFor(200 * MS);
    assertEquals(SafetyState.RUN, state(rig));
    limits.requireKept();
  }

  @Test
  void eStopThatWasPressedBetweenTwoCyclesCounts() {
    ArmRig rig = running(FaultPlan.none());
    rig.control.eStop(true);
    rig.control.eStop(false);
    rig.runFor(600 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
  }

  @Test
  void eStopWhileNothingIsCommandedKeepsAnybodyFromEngaging() {
    ArmRig rig = rig(FaultPlan.none());
    rig.control.eStop(true);
    rig.runFor(100 * MS);
    rig.control.engage();
    rig.runFor(100 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
    assertEquals(0, rig.commandsSent);
  }

  @Test
  void jointThatDoesNotFollowForTooLongIsAFaultWithItsName() {
    String joint = "velocity_max: 2.175, acceleration_max: 15.0}";
    Robot watched =
        RobotFile.parse(
            TabletopRobot.text()
                .replaceFirst(
                    Pattern.quote(joint), joint.replace("}", ", tracking_error_max: 0.2}"))
                .replace("timeouts_ms:", "timeouts_ms:\n  tracking_error: 100"),
            "watched.yaml");
    ArmRig rig = new ArmRig(watched, 0.2, FaultPlan.none(), RuntimeTap.NONE, 0);
    rig.control.engage();
    rig.runFor(2000 * MS);
    assertEquals(SafetyState.RUN, state(rig), "following late is no fault");
    rig.pushed[0] = 0.25;
    rig.runFor(90 * MS);
    assertEquals(SafetyState.RUN, state(rig), "nor is a short push");
    rig.pushed[0] = 0;
    rig.runFor(100 * MS);
    rig.pushed[0] = 0.25;
    rig.runFor(110 * MS);
    assertEquals(SafetyState.RAMP_DOWN, state(rig));
    assertEquals(SafetyReason.TRACKING_ERROR, reason(rig));
    assertEquals("panda_joint1", rig.control.board().snapshot().culprit());
    rig.runFor(600 * MS);
    assertEquals(SafetyState.FAULT, state(rig));
  }

  private static boolean moving(ArmRig rig) {
    return Arrays.stream(rig.control.board().snapshot().commandVelocity()).anyMatch(v -> v != 0);
  }

  private static ArmRig rig(FaultPlan faults) {
    return new ArmRig(0.2, faults, RuntimeTap.NONE, 0);
  }

  private static ArmRig running(FaultPlan faults) {
    ArmRig rig = rig(faults);
    rig.control.engage();
    rig.runFor(500 * MS);
    assertEquals(SafetyState.RUN, state(rig));
    return rig;
  }

  private static SafetyState state(ArmRig rig) {
    return rig.control.board().snapshot().state();
  }

  private static SafetyReason reason(ArmRig rig) {
    return rig.control.board().snapshot().reason();
  }

  @Test
  void snapshotShowsCommandAndMeasurement() {
    ArmRig rig = running(FaultPlan.none());
    ControlSnapshot snapshot = rig.control.board().snapshot();
    assertArrayEquals(rig.command, snapshot.command());
    assertEquals(rig.clock.nanos(), snapshot.nanos());
    assertEquals(250, snapshot.cycle());
    assertEquals(8, snapshot.measured().length);
    assertTrue(Arrays.stream(snapshot.commandVelocity()).anyMatch(v -> v != 0));
  }
}
