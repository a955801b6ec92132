package dev.forearm.runtime;

/**
 * The environment gave the runtime something it cannot work with: a wrong configuration file, a
 * robot that does not fit the policy, a missing native call. The message says the operation, what
 * was found, what was wanted and what to do. Thrown while starting up, never by a running loop.
 */
public final class RuntimeFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RuntimeFault(String message) {
    super(message);
  }

  public RuntimeFault(String message, Throwable cause) {
    super(message, cause);
  }
}
