package dev.forearm.models;

/**
 * The environment failed a model: a library, a bundle, a graph or its weights are not what they
 * must be. The message says what was being done, what was found, what was wanted and what to do.
 */
public final class ModelsFault extends RuntimeException {
  public ModelsFault(String message) {
    super(message);
  }

  public ModelsFault(String message, Throwable cause) {
    super(message, cause);
  }
}
