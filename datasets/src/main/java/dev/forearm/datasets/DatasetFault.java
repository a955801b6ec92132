package dev.forearm.datasets;

/**
 * A dataset cannot be written or read: an episode that does not fit the others, a full disk, a
 * codec that refuses. The message says the operation, what was found, what was wanted and what to
 * do.
 */
public final class DatasetFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatasetFault(String message) {
    super(message);
  }

  public DatasetFault(String message, Throwable cause) {
    super(message, cause);
  }
}
