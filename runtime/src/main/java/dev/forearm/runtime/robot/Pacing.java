package dev.forearm.runtime.robot;

/** Whose clock the control cycles follow. */
public enum Pacing {
  /** The machine's: cycles at absolute deadlines. */
  CLOCK("clock"),
  /**
   * The robot's: a cycle for each joint state, for arms that mind when the clock of what commands
   * them drifts against their own. While none comes, a cycle every two periods.
   */
  JOINT_STATES("joint_states");

  private final String word;

  Pacing(String word) {
    this.word = word;
  }

  /** As a robot file writes it. */
  public String word() {
    return word;
  }
}
