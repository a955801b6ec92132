package dev.forearm.sim;

/**
 * The simulator's surroundings are not as needed: a library, file, model or display is missing or
 * wrong.
 */
public final class SimFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message operation: found, wanted, remedy
   */
  public SimFault(String message) {
    super(message);
  }

  /**
   * @param message operation: found, wanted, remedy
   * @param cause what was thrown below
   */
  public SimFault(String message, Throwable cause) {
    super(message, cause);
  }
}
