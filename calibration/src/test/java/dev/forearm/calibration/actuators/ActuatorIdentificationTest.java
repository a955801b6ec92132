package dev.forearm.calibration.actuators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActuatorIdentificationTest {
  private static final Joint ELBOW = new Joint("elbow", JointUnit.RADIAN, -2.9, 2.9, 2, 15);
  private static final Joint FINGER = new Joint("finger", JointUnit.METRE, 0, 0.04, 0.2, 4);
  private static final long STEP_NANOS = 2_000_000;
  private static final int STEPS = 6_000; // 12 s

  /**
   * A servo that is not the simulator's.
   *
   * @param middle command at which it is off by {@code bias}
   * @param delay control steps before a command acts
   * @param noise of the encoder, rad or m
   */
  private record Servo(double gain, double bias, double middle, int delay, double noise) {
    private static final double FOLLOWS = 0.1; // of the way, each control step: a lag of 20 ms

    double[] follow(double[] commands, SplittableRandom random) {
      double[] positions = new double[commands.length];
      double position = settle(commands[0]);
      for (int i = 0; i < commands.length; i++) {
        position += FOLLOWS * (settle(commands[Math.max(0, i - delay)]) - position);
        positions[i] = position + noise * random.nextGaussian();
      }
      return positions;
    }

    private double settle(double command) {
      return middle + gain * (command - middle) + bias;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatServosDoIsFoundBySignAndWithinItsErrors(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Servo servo =
        new Servo(
            random.nextDouble(0.9, 1.1),
            random.nextDouble(-0.02, 0.02),
            random.nextDouble(-1, 1),
            random.nextInt(0, 40),
            2e-4);

    JointResponse found = ResponseFit.of(ELBOW, motions(ELBOW, servo, 0.6, random));

    double gainError = found.gainError().orElseThrow();
    double wanted = servo.settle(found.centre()) - found.centre();
    assertEquals(servo.gain, found.gain(), 4 * gainError + 1e-4, found::toString);
    assertEquals(wanted, found.bias(), 4 * found.biasError() + 1e-4, found::toString);
    assertEquals(0.002 * servo.delay + 0.02, found.lagNanos() * 1e-9, 0.003, found::toString);
    assertTrue(gainError < 1e-3 && found.biasError() < 2e-4, found::toString);
    assertTrue(found.residualAfter() < 0.2 * found.residualBefore(), found::toString);
    for (double command : new double[] {-0.5, 0, 0.5}) {
      assertEquals(command, found.position(found.command(command)), 1e-12);
      assertEquals(servo.settle(command), found.position(command), 5e-4, found::toString);
    }
  }

  @Test
  void aJointThatHardlyMovedHasABiasOnly() {
    SplittableRandom random = new SplittableRandom(3);
    Servo servo = new Servo(0.97, 0.004, 0, 10, 1e-4);

    JointResponse found = ResponseFit.of(ELBOW, motions(ELBOW, servo, 0.01, random));

    assertEquals(Optional.empty(), found.gainError());
    assertEquals(1, found.gain());
    assertEquals(0.004, found.bias(), 3e-4, found::toString);
  }

  @Test
  void fingersThatHoldSomethingSayNothingOfTheirServo() {
    List<JointMotion> motions = new ArrayList<>();
    Servo servo = new Servo(1, 4e-4, 0.02, 5, 1e-5);
    for (int episode = 0; episode < 6; episode++) {
      SplittableRandom random = new SplittableRandom(episode);
      double[] commands = new double[STEPS];
      for (int i = 0; i < STEPS; i++) {
        double closed = Math.clamp((i - 1500 - 100 * episode) * 2e-4, 0, 1);
        commands[i] = 0.038 + closed * (0.016 - 0.038);
      }
      double[] positions = servo.follow(commands, random);
      for (int i = 0; i < STEPS; i++) {
        positions[i] = Math.max(0.0195, positions[i]); // a cube
      }
      motions.add(motion(FINGER, commands, positions));
    }

    JointResponse found = ResponseFit.of(FINGER, motions);

    assertEquals(4e-4, found.bias(), 1e-4, found::toString);
    found.gainError().ifPresent(_ -> assertEquals(1, found.gain(), 0.02, found::toString));
  }

  @Test
  void pushesNowAndThenSpoilNothing() {
    SplittableRandom random = new SplittableRandom(11);
    Servo servo = new Servo(0.98, -0.006, 0.2, 5, 1e-4);
    List<JointMotion> motions = motions(ELBOW, servo, 0.6, random);
    for (JointMotion motion : motions) {
      for (int i = 2000; i < 3500; i++) {
        motion.positions()[i] += 0.03;
      }
    }

    JointResponse found = ResponseFit.of(ELBOW, motions);

    assertEquals(0.98, found.gain(), 2e-3, found::toString);
    assertEquals(servo.settle(0), found.position(0), 5e-4, found::toString);
  }

  @Test
  void aServoBeyondRepairByNumbersIsRefused() {
    SplittableRandom random = new SplittableRandom(1);
    List<JointMotion> motions = motions(ELBOW, new Servo(1, 0.4, 0, 5, 1e-4), 0.6, random);

    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> ResponseFit.of(ELBOW, motions));

    assertTrue(String.valueOf(fault.getMessage()).contains("'elbow'"), fault::toString);
  }

  @Test
  void whatLagsMoreThanWhereThePolicyLearnedIsToldEarlier() {
    Robot robot = RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
    ActuatorCalibration learned = identify(robot, new Servo(1, 0, 0, 0, 1e-6), Optional.empty());
    ActuatorCalibration here =
        identify(robot, new Servo(1, 0.001, 0, 15, 1e-6), Optional.of(learned));

    assertEquals(robot.jointNames(), here.joints().stream().map(JointResponse::joint).toList());
    assertEquals(List.of("0.mcap", "1.mcap"), here.episodes());
    for (JointResponse joint : here.joints()) {
      assertEquals(0.03, joint.leadNanos() * 1e-9, 0.003, joint::toString);
    }
    assertEquals(0, learned.joints().getFirst().leadNanos());
  }

  private static ActuatorCalibration identify(
      Robot robot, Servo servo, Optional<ActuatorCalibration> reference) {
    Map<String, List<JointMotion>> episodes = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(5);
    for (int episode = 0; episode < 2; episode++) {
      List<JointMotion> motions = new ArrayList<>();
      for (Joint joint : robot.joints()) {
        double reach = 0.3 * (joint.positionMax() - joint.positionMin());
        motions.add(motion(joint, servo, reach, random));
      }
      episodes.put(episode + ".mcap", motions);
    }
    return ActuatorIdentification.of(robot, episodes, reference, "2026-01-01");
  }

  private static List<JointMotion> motions(
      Joint joint, Servo servo, double reach, SplittableRandom random) {
    List<JointMotion> motions = new ArrayList<>();
    for (int episode = 0; episode < 10; episode++) {
      motions.add(motion(joint, servo, reach, random));
    }
    return motions;
  }

  /** From place to place with rests between. */
  private static JointMotion motion(
      Joint joint, Servo servo, double reach, SplittableRandom random) {
    double[] commands = new double[STEPS];
    double from = joint.positionMiddle();
    double to = from;
    for (int i = 0; i < STEPS; i++) {
      int phase = i % 600;
      if (phase == 0) {
        from = to;
        to = joint.positionMiddle() + reach * random.nextDouble(-1, 1);
      }
      double part = Math.min(1, phase / 400.0);
      commands[i] = from + part * part * (3 - 2 * part) * (to - from);
    }
    return motion(joint, commands, servo.follow(commands, random));
  }

  private static JointMotion motion(Joint joint, double[] commands, double[] positions) {
    long[] nanos = new long[STEPS];
    for (int i = 0; i < STEPS; i++) {
      nanos[i] = 7_000_000_000L + i * STEP_NANOS;
    }
    return new JointMotion(joint.name(), nanos, commands, nanos, positions);
  }
}
