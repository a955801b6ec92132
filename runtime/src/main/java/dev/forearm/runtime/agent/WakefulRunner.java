package dev.forearm.runtime.agent;

/**
 * Gives its agent turns for as long as it finds work, and lets the thread rest in between: {@link
 * Rest} says how.
 */
public final class WakefulRunner extends AgentRunner {
  private final Rest rest;

  private WakefulRunner(Agent agent, Rest rest, FailureHandler failures) {
    super(agent, failures);
    this.rest = rest;
  }

  /** Starts an agent on a thread of its own. */
  public static WakefulRunner start(Agent agent, Rest rest, FailureHandler failures) {
    WakefulRunner runner = new WakefulRunner(agent, rest, failures);
    runner.start();
    return runner;
  }

  @Override
  void turns(Agent agent) {
    while (running()) {
      if (agent.doWork(System.nanoTime()) == 0 && running()) {
        rest.rest();
      }
    }
  }

  @Override
  void wake() {
    rest.wake();
  }
}
