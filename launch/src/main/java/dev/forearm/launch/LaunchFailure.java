package dev.forearm.launch;

/**
 * A command cannot go on: something outside the program is missing or not as it should be. The
 * message is what the user reads: operation: found, wanted, remedy.
 */
public final class LaunchFailure extends RuntimeException {
  public LaunchFailure(String message) {
    super(message);
  }

  public LaunchFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
