package dev.forearm.runtime.signal;

/**
 * When a joint group was last heard of. Written by the transport's receive thread, read by any;
 * neither waits.
 */
public final class JointGroupContact {
  private volatile long receivedNanos = Long.MIN_VALUE;
  private volatile String culprit;

  JointGroupContact(String name) {
    culprit = name;
  }

  /**
   * Every joint of the group has been heard of.
   *
   * @param receivedNanos when the one that was heard of least recently was, on the runtime's clock
   */
  public void heard(long receivedNanos) {
    this.receivedNanos = receivedNanos;
  }

  /** Says in more words what to blame when the group is not heard of, for example its joints. */
  public void blame(String culprit) {
    this.culprit = culprit;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  String culprit() {
    return culprit;
  }
}
