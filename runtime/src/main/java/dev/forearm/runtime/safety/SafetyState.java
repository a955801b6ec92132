package dev.forearm.runtime.safety;

/** What the control thread is allowed to do with the arm. */
public enum SafetyState {
  /** Not engaged; nothing is sent. Ready if only that is the reason, else inactive. */
  IDLE,
  /**
   * One fixed position is commanded: where the arm comes to rest when braked at its limits, or
   * where it was measured if it was not moving under our command.
   */
  HOLD,
  /** Chunks are followed, or what a person asks for who took the arm over. */
  RUN,
  /** On the way out: the arm is brought to rest at its limits, after which nothing is sent. */
  RAMP_DOWN,
  /**
   * Ramped down because something stayed wrong; nothing is sent until it is well or engaged again.
   */
  STOPPED,
  /** Ramped down because of a fault; nothing is sent, and nobody can engage, before a reset. */
  FAULT;

  /** Whether commands are sent in this state. */
  public boolean commands() {
    return switch (this) {
      case HOLD, RUN, RAMP_DOWN -> true;
      case IDLE, STOPPED, FAULT -> false;
    };
  }
}
