package dev.forearm.runtime;

/**
 * The environment failed the runtime: a file, a folder, a robot description or a recording is not
 * what it must be. The message says what was being done, what was found, what was wanted and what
 * to do.
 */
public final class RuntimeFault extends RuntimeException {
  public RuntimeFault(String message) {
    super(message);
  }

  public RuntimeFault(String message, Throwable cause) {
    super(message, cause);
  }
}
