package dev.forearm.launch.session;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import org.jspecify.annotations.Nullable;

/** Puts a lockstep session's policy steps together for a listener, while an episode is played. */
final class StepTap implements RuntimeTap {
  private final SimulatedTask simulated;
  private final ExecutedCommands sent;
  private StepListener listener = StepListener.NONE;
  private boolean playing;
  private @Nullable Throwable failure;

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

  /** Whether the listener threw: it is told of no more steps, and {@link #end} throws. */
  boolean hasFailed() {
    return failure != null;
  }

  /**
   * @throws LaunchFailure if the listener threw while the episode was played
   */
  void end() {
    playing = false;
    if (failure != null) {
      throw new LaunchFailure("episode: its listener failed: " + failure, failure);
    }
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

  @Override
  public void failed(Throwable cause) {
    failure = cause;
  }
}
