package dev.forearm.ros;

import dev.forearm.runtime.agent.Agent;

/** Waits for a transport's messages, inside its turns, and has their handlers take them. */
public final class ReceiveAgent implements Agent {
  private final String name;
  private final WaitSet<?> waitSet;

  /**
   * @param name of the agent
   */
  public ReceiveAgent(String name, WaitSet<?> waitSet) {
    this.name = name;
    this.waitSet = waitSet;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int doWork(long nowNanos) {
    int ready = waitSet.await();
    for (int i = 0; i < ready; i++) {
      waitSet.take(i);
    }
    return ready;
  }
}
