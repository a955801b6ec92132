package dev.forearm.launch.session;

import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;

/** Puts a lockstep session's policy steps together for a listener, while an episode is played. */
final class StepTap implements RuntimeTap {
  private final SimulatedTask simulated;
  private final ExecutedCommands sent;
  private StepListener listener = StepListener.NONE;
  private boolean playing;

  StepTap(Robot robot, SimulatedTask simulated) {
    this.simulated = simulated;
    int cycles = (int) (robot.policyPeriodNanos() / robot.controlPeriodNanos());
    sent = new ExecutedCommands(robot.jointCount(), cycles + 1);
  }

  void begin(StepListener next, long seed) {
    sent.clear();
    listener = next;
    playing = true;
    listener.began(seed);
  }

  void end() {
    playing = false;
    listener.ended(sent);
  }

  @Override
  public void planned(Observation observation, Plan plan) {
    if (playing) {
      listener.stepped(observation, plan, simulated.known(), sent);
      sent.clear();
    }
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long stampNanos) {
    if (playing) {
      sent.add(positions, stampNanos);
    }
  }
}
