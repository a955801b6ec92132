package dev.forearm.ros;

/**
 * Something around this module is not as it must be: no DDS library, a domain that cannot be
 * joined, a malformed message. The message says the operation, what was found, what was wanted and
 * what to do.
 */
public final class RosFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RosFault(String message) {
    super(message);
  }

  public RosFault(String message, Throwable cause) {
    super(message, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
