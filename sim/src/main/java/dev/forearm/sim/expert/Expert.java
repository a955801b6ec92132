package dev.forearm.sim.expert;

import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripted expert. Each call follows a {@link Rollout} of how the hand will move and has the
 * joints go there.
 */
public final class Expert implements Policy {
  private static final Driver DRIVER = new Driver.Expert();
  private static final int CHUNK_STEPS = 16;
  private static final List<Integer> FRAMES = List.of(4, 8, 12, 16);
  private static final int POSITION = 3;
  private static final int ROTATION = 6;

  private final PolicySpec spec;
  private final Rollout rollout;

  /**
   * @param robot with the joints, chain and rates of the tabletop arm
   */
  public Expert(Task task, Robot robot) {
    spec = specOf(task, robot);
    rollout = new Rollout(task, robot, spec);
  }

  /**
   * What a policy for this task sees and does: joints, tool and the task's objects; the tool's and
   * the objects' future is imagined.
   */
  public static PolicySpec specOf(Task task, Robot robot) {
    int joints = robot.jointCount();
    List<Feature> features = new ArrayList<>();
    features.add(new Feature("joint_position", new Source.JointPosition(), joints, "mixed"));
    features.add(new Feature("joint_velocity", new Source.JointVelocity(), joints, "mixed"));
    features.add(new Feature("tool_position", new Source.ToolPosition(), POSITION, "m"));
    features.add(new Feature("tool_rotation", new Source.ToolRotation(), ROTATION, "1"));
    List<String> objects = new ArrayList<>();
    switch (task) {
      case LIFT -> addCube("red_cube", features, objects);
      case TIDY -> {
        addCube("red_cube", features, objects);
        addCube("blue_cube", features, objects);
        for (String name : List.of("left_bin", "right_bin", "button")) {
          addPosition(name, features, objects);
        }
      }
    }
    List<String> imagined =
        new ArrayList<>(List.of("joint_position", "tool_position", "tool_rotation"));
    imagined.addAll(objects);
    return new PolicySpec(
        features,
        List.of("joint_position", "joint_velocity", "tool_position", "tool_rotation"),
        imagined,
        FRAMES,
        robot.jointNames(),
        CHUNK_STEPS,
        robot.policyPeriodNanos());
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {}

  @Override
  public void plan(Observation observation, Plan plan) {
    plan.imagines(false);
    plan.driver(DRIVER);
    rollout.begin(observation.values());
    int joints = spec.joints().size();
    for (int step = 0; step < CHUNK_STEPS; step++) {
      rollout.step();
      rollout.copyCommand(plan.actions(), step * joints);
    }
  }

  private static void addCube(String name, List<Feature> features, List<String> objects) {
    addPosition(name, features, objects);
    String rotation = name + "_rotation";
    features.add(new Feature(rotation, new Source.ObjectRotation(name), ROTATION, "1"));
    objects.add(rotation);
  }

  private static void addPosition(String name, List<Feature> features, List<String> objects) {
    features.add(new Feature(name, new Source.ObjectPosition(name), POSITION, "m"));
    objects.add(name);
  }
}
