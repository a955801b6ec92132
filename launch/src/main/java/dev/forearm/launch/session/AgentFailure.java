package dev.forearm.launch.session;

/**
 * What ended an agent too early.
 *
 * @param agent its name
 * @param cause anything that can be thrown
 */
public record AgentFailure(String agent, Throwable cause) {
  @Override
  public String toString() {
    return "%s failed: %s".formatted(agent, cause);
  }
}
