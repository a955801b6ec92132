package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;

/**
 * A policy on servos that are not quite those it learned on: where it wants the joints becomes the
 * command that brings them there, before the policy confines it and the safety filter sees it.
 * Called by the inference thread; allocates nothing.
 */
public final class AdaptedPolicy extends PolicyAround {
  private final ActuatorCalibration actuators;
  private final double[] leadSteps; // of each joint
  private final int joints;

  /**
   * @param policy closed with this
   * @throws dev.forearm.runtime.RuntimeFault if the calibration is another robot's
   */
  public AdaptedPolicy(Policy policy, ActuatorCalibration actuators, Robot robot) {
    super(policy);
    actuators.requireFits(robot);
    this.actuators = actuators;
    joints = policy.spec().joints().size();
    leadSteps =
        actuators.joints().stream()
            .mapToDouble(joint -> (double) joint.leadNanos() / policy.spec().periodNanos())
            .toArray();
  }

  /** What is known of the servos. */
  public ActuatorCalibration actuators() {
    return actuators;
  }

  /** What is executed are commands: the policy is told where they bring the joints. */
  @Override
  public void commit(double[] actions, int steps) {
    actuators.toPositions(actions);
    super.commit(actions, steps);
  }

  @Override
  public void confine(double[] actions) {
    for (int joint = 0; joint < joints; joint++) {
      hasten(actions, joint);
    }
    actuators.toCommands(actions);
    super.confine(actions);
  }

  /** Gives each action of a joint the value that is due later by the joint's lead. */
  private void hasten(double[] actions, int joint) {
    double lead = leadSteps[joint];
    if (lead <= 0) {
      return;
    }
    int last = actions.length / joints - 1;
    int whole = (int) lead;
    double part = lead - whole;
    for (int step = 0; step <= last; step++) {
      double from = actions[Math.min(step + whole, last) * joints + joint];
      double to = actions[Math.min(step + whole + 1, last) * joints + joint];
      actions[step * joints + joint] = from + part * (to - from);
    }
  }
}
