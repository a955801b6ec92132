package dev.forearm.viewer;

import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.ChunkOrigin;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.ControlThread;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.Timeouts;
import dev.forearm.runtime.robot.Topics;
import dev.forearm.runtime.robot.WorkspaceBox;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.List;
import java.util.Optional;

/** A robot of one joint that lifts its tool, and a policy that imagines tool and cube. */
final class SmallRobot {
  static final String CAMERA = "/camera/image_raw";
  private static final long POLICY_PERIOD_NANOS = 50_000_000;

  static final Robot ROBOT =
      new Robot(
          "lifter",
          List.of(new Joint("lift", JointUnit.METRE, 0, 0.5, 1, 5)),
          List.of(
              new JointGroup(
                  "arm",
                  List.of("lift"),
                  "/joint_states",
                  new CommandRoute.Positions("/commands", 2_000_000))),
          "base",
          "tool",
          List.of(new ChainLink(0.4, 0.1, 0, 0, 0, 0, 0, 0, 0, 1, Optional.empty())),
          List.of(),
          new WorkspaceBox(0.1, 0.9, -0.5, 0.5, 0, 0.6),
          List.of(),
          Optional.empty(),
          new Topics("/objects", "/object_names", List.of(CAMERA)),
          2_000_000,
          POLICY_PERIOD_NANOS,
          new Timeouts(40_000_000, 250_000_000, 500_000_000, Long.MAX_VALUE, 2_000_000_000),
          100_000_000,
          ChunkOrigin.JOINT_STATES,
          ControlThread.DEFAULT,
          0.25,
          true,
          Optional.empty(),
          List.of("red_cube", "button"),
          Optional.empty(),
          Hardware.NONE);

  static final PolicySpec SPEC =
      new PolicySpec(
          List.of(
              new Feature("joint_position", new Source.JointPosition(), 1, "m"),
              new Feature("tool", new Source.ToolPosition(), 3, "m"),
              new Feature("cube", new Source.ObjectPosition("red_cube"), 3, "m"),
              new Feature("button", new Source.ObjectPosition("button"), 3, "m")),
          List.of("joint_position"),
          List.of("tool", "cube"),
          List.of(4, 8),
          List.of("lift"),
          8,
          POLICY_PERIOD_NANOS);

  private SmallRobot() {}

  static Telemetry telemetry(double second, double height) {
    return new Telemetry(
        "lift with lifter",
        "in-process",
        new ControlSnapshot(
            Math.round(second * 1e9),
            1,
            SafetyState.RUN,
            SafetyReason.NONE,
            "",
            1,
            false,
            new double[] {height},
            new double[1],
            new double[] {height}),
        new Telemetry.Foresight(0.3, 0.2),
        Optional.of(
            new Telemetry.Loops(
                new CycleSummary(1000, 0, 500, 2000, 2050, 2300, 5, 50, 300, 20, 40, 90, 0),
                900,
                1400,
                0)),
        new Telemetry.Task("episode 1 of 1", "raise the cube", 0, 1),
        "recording lift.mcap",
        List.of(
            new Telemetry.SeenObject("red_cube", new double[] {0.5, -0.2, 0.02, 1, 0, 0, 0}),
            new Telemetry.SeenObject("button", new double[] {0.6, 0.3, 0.03, 1, 0, 0, 0})));
  }
}
