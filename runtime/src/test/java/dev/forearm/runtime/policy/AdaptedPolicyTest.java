package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.FaultPlan;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AdaptedPolicyTest {
  private static final Robot ROBOT = TabletopRobot.read();
  private static final int JOINTS = ROBOT.jointCount();

  private final SwayingPolicy sway = new SwayingPolicy(ROBOT, 0.2, FaultPlan.none());

  @Test
  void commandsLeadToWhatThePolicyWants() {
    ActuatorCalibration actuators = actuators(0.98, 0.004, 0);
    double[] actions = wanted();
    adapted(actuators).confine(actions);
    assertTrue(Math.abs(actions[0] - wanted()[0]) > 1e-3, "something was to be done");
    actuators.toPositions(actions);
    assertArrayEquals(wanted(), actions, 1e-12);
  }

  @Test
  void aLeadTakesWhatIsDueLaterAndRestsAtTheEnd() {
    double[] actions = wanted();
    adapted(actuators(1, 0, 75_000_000)).confine(actions); // one step and a half
    double[] wanted = wanted();
    int last = wanted.length / JOINTS - 1;
    for (int joint = 0; joint < JOINTS; joint++) {
      assertEquals(
          0.5 * (wanted[JOINTS + joint] + wanted[2 * JOINTS + joint]), actions[joint], 1e-12);
      assertEquals(wanted[last * JOINTS + joint], actions[last * JOINTS + joint]);
    }
  }

  @Test
  void thePolicyConfinesTheCommand() {
    Policy confining =
        new Policy() {
          @Override
          public PolicySpec spec() {
            return sway.spec();
          }

          @Override
          public void reset() {}

          @Override
          public void plan(Observation observation, Plan plan) {}

          @Override
          public void confine(double[] actions) {
            Arrays.setAll(actions, i -> Math.min(actions[i], 0.001));
          }
        };
    double[] actions = new double[wanted().length];
    new AdaptedPolicy(confining, actuators(1, -0.004, 0), ROBOT).confine(actions);
    assertEquals(0.001, actions[0]);
  }

  @Test
  void anotherRobotsCalibrationIsRefused() {
    Robot longer = RobotFile.parse(TabletopRobot.text().replace("0.333", "0.433"), "longer");
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> new AdaptedPolicy(sway, actuators(1, 0, 0), longer));
    assertTrue(String.valueOf(fault.getMessage()).contains("calibrate actuators"), fault::toString);
  }

  @Test
  void aFileReadsBackAsItWasWritten() {
    ActuatorCalibration written = actuators(1.01, -0.003, 20_000_000);
    assertEquals(written, ActuatorCalibration.parse(written.text(), "actuators.yaml"));
  }

  @Test
  void aGainBeyondItsBoundsIsRefusedByFileAndJoint() {
    String text = actuators(1.01, -0.003, 0).text().replace("gain: 1.01", "gain: 1.6");
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> ActuatorCalibration.parse(text, "bad.yaml"));
    assertTrue(String.valueOf(fault.getMessage()).startsWith("bad.yaml"), fault::toString);
    assertTrue(String.valueOf(fault.getMessage()).contains("panda_joint1"), fault::toString);
  }

  @Test
  void adaptingAllocatesNothing() {
    AdaptedPolicy policy = adapted(actuators(0.98, 0.004, 20_000_000));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] actions = wanted();
    long before = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i == 10_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      policy.confine(actions);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 1000, () -> bytes + " bytes in 10,000 calls");
  }

  private AdaptedPolicy adapted(ActuatorCalibration actuators) {
    return new AdaptedPolicy(sway, actuators, ROBOT);
  }

  private double[] wanted() {
    double[] actions = new double[4 * JOINTS];
    Arrays.setAll(actions, i -> 0.01 * i * (1 + i % JOINTS));
    return actions;
  }

  private static ActuatorCalibration actuators(double gain, double bias, long leadNanos) {
    List<JointResponse> joints =
        ROBOT.joints().stream()
            .map(Joint::name)
            .map(name ->
                new JointResponse(
                    name,
                    gain,
                    Optional.of(1e-4),
                    bias,
                    1e-5,
                    0.3,
                    40_000_000,
                    Optional.empty(),
                    leadNanos,
                    2e-3,
                    1e-4))
            .toList();
    return new ActuatorCalibration(
        ROBOT.name(), ActuatorCalibration.sha256Of(ROBOT), "2026-01-01", List.of("a.mcap"), joints);
  }
}
