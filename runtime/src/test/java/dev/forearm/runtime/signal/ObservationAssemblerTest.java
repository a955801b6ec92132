package dev.forearm.runtime.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.signal.ObservationVerdict.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ObservationAssemblerTest {
  private static final long MS = 1_000_000;

  private final Robot robot = TabletopRobot.read();
  private final PolicySpec spec = SwayingPolicy.specFor(robot);
  private final RobotSignals signals = new RobotSignals(robot);
  private final ObservationAssembler assembler = new ObservationAssembler(spec, robot, signals);
  private final Observation observation = new Observation(spec.observationWidth());

  @Test
  void featuresStandInTheOrderOfTheSpec() {
    writeJoints(10 * MS);
    writeCube(10 * MS, 0.4);
    assertTrue(assembler.assemble(12 * MS, observation).ready());
    float[] values = observation.values();
    double[] tool = new double[7];
    new SerialChain(robot).toolPose(SwayingPolicy.ready(), tool);
    assertEquals((float) -Math.PI / 4, values[1], 1e-6);
    assertEquals(0.5f, values[8 + 3]); // velocity of joint 4
    assertEquals((float) tool[2], values[spec.offsetOf("tool") + 2]);
    assertEquals(0.4f, values[spec.offsetOf("red_cube")]);
    // The tool points straight down: x stays, y turns over.
    int turn = spec.offsetOf("tool_turn");
    double[] down = {1, 0, 0, 0, -1, 0};
    for (int i = 0; i < 6; i++) {
      assertEquals(down[i], values[turn + i], 1e-6);
    }
    assertEquals(12 * MS, observation.stampNanos());
  }

  @Test
  void missingSignalIsNamed() {
    writeJoints(10 * MS);
    ObservationVerdict verdict = assembler.assemble(12 * MS, observation);
    assertEquals(Kind.MISSING, verdict.kind());
    assertEquals("missing object:red_cube", verdict.toString());
  }

  @Test
  void staleSignalIsNamedWithItsAge() {
    writeCube(10 * MS, 0.4);
    writeJoints(300 * MS);
    ObservationVerdict verdict = assembler.assemble(300 * MS, observation);
    assertEquals("stale object:red_cube 290 ms", verdict.toString());
  }

  @Test
  void valueThatIsNotANumberIsNamed() {
    writeJoints(10 * MS);
    writeCube(10 * MS, Double.NaN);
    ObservationVerdict verdict = assembler.assemble(12 * MS, observation);
    assertEquals("not a number in object:red_cube", verdict.toString());
  }

  @Test
  void policyWithOtherJointsIsRefused() {
    PolicySpec other =
        new PolicySpec(
            spec.observation(), List.of(), List.of(), List.of(), List.of("elbow"), 16, 50 * MS);
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> new ObservationAssembler(other, robot, signals));
    assertTrue(String.valueOf(fault.getMessage()).contains("[elbow]"));
  }

  @Test
  void featureOfTheWrongSizeIsRefusedByName() {
    RuntimeFault fault = refusal(new Feature("q", new Source.JointPosition(), 7, "rad"));
    assertEquals(
        "fitting feature 'q': found size 7, but its source joint_position has 8 values",
        fault.getMessage());
  }

  @Test
  void unknownObjectAndUnheardFieldAreRefused() {
    assertTrue(
        String.valueOf(
                refusal(new Feature("m", new Source.ObjectPosition("mug"), 3, "m")).getMessage())
            .contains("object 'mug' is not in the robot file"));
    Source force = new Source.TopicField("/wrench", "geometry_msgs/msg/Wrench", "force", 3);
    assertTrue(
        String.valueOf(refusal(new Feature("f", force, 3, "N")).getMessage())
            .contains("nothing listens to {topic: /wrench"));
  }

  @Test
  void effortsAndFieldsOfOtherTopicsAreObserved() {
    Source force = new Source.TopicField("/wrench", "geometry_msgs/msg/Wrench", "force", 3);
    List<Feature> features =
        List.of(
            new Feature("f", force, 3, "N"),
            new Feature("e", new Source.JointEffort(), 8, "mixed"));
    PolicySpec felt =
        new PolicySpec(features, List.of(), List.of(), List.of(), robot.jointNames(), 16, 50 * MS);
    RobotSignals heard = new RobotSignals(robot, felt.observation());
    ObservationAssembler feeling = new ObservationAssembler(felt, robot, heard);
    Observation seen = new Observation(felt.observationWidth());
    heard.jointState().write(new double[16], 0, MS, MS);
    Objects.requireNonNull(heard.fields().get(force)).write(new double[] {1, 2, 3}, 0, MS, MS);
    assertEquals("missing joint_effort", feeling.assemble(2 * MS, seen).toString());
    heard.jointEffort().write(new double[] {4, 5, 6, 7, 8, 9, 10, 11}, 0, MS, MS);
    assertTrue(feeling.assemble(2 * MS, seen).ready());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, seen.values());
  }

  @Test
  void whatTheRobotDoesNotMeasureIsRefusedOnlyToWhomAsksForIt() {
    double[] state = Arrays.copyOf(SwayingPolicy.ready(), 16);
    Arrays.fill(state, 8, 16, Double.NaN);
    signals.jointState().write(state, 0, MS, MS);
    writeCube(MS, 0.4);
    assertEquals("not a number in joint_state", assembler.assemble(MS, observation).toString());
    PolicySpec still =
        new PolicySpec(
            List.of(new Feature("q", new Source.JointPosition(), 8, "mixed")),
            List.of(),
            List.of(),
            List.of(),
            robot.jointNames(),
            16,
            50 * MS);
    assertTrue(
        new ObservationAssembler(still, robot, signals).assemble(MS, new Observation(8)).ready());
  }

  private RuntimeFault refusal(Feature feature) {
    PolicySpec other =
        new PolicySpec(
            List.of(feature), List.of(), List.of(), List.of(), robot.jointNames(), 16, 50 * MS);
    return assertThrows(RuntimeFault.class, () -> new ObservationAssembler(other, robot, signals));
  }

  private void writeJoints(long nanos) {
    double[] state = Arrays.copyOf(SwayingPolicy.ready(), 16);
    state[8 + 3] = 0.5;
    signals.jointState().write(state, 0, nanos, nanos);
  }

  private void writeCube(long nanos, double x) {
    signals.object("red_cube").write(new double[] {x, 0, 0, 1, 0, 0, 0}, 0, nanos, nanos);
  }
}
