package dev.forearm.viewer;

/** There is no window to be had, or it failed. */
public final class ViewerFault extends RuntimeException {
  ViewerFault(String message) {
    super(message);
  }

  ViewerFault(String message, Throwable cause) {
    super(message, cause);
  }
}
