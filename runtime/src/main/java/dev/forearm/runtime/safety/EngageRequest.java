package dev.forearm.runtime.safety;

/**
 * A wish from outside the control thread. Compared by identity: engaging an engaged arm again is a
 * new request, so the arm ramps down and starts over from where it is measured.
 */
public final class EngageRequest {
  /** Nobody has asked for anything. */
  public static final EngageRequest NONE = new EngageRequest(false);

  private final boolean engaged;

  public EngageRequest(boolean engaged) {
    this.engaged = engaged;
  }

  /** Whether the arm is to be driven. */
  public boolean engaged() {
    return engaged;
  }
}
