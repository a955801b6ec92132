package dev.forearm.runtime.agent;

/** What held up a cycle that began a period late or more. */
public enum OverrunCause {
  /** The system ran somebody else, or what paces the thread came late. */
  LATE_WAKE("woken late"),
  /** The cycle before took too long. */
  SLOW_CYCLE("after a slow cycle"),
  /** The garbage collector paused the virtual machine. */
  GARBAGE_COLLECTION("held up by the garbage collector"),
  /** The virtual machine paused for something else. */
  SAFEPOINT("held up by a safepoint");

  private final String words;

  OverrunCause(String words) {
    this.words = words;
  }

  /** For people, after a number of cycles. */
  public String words() {
    return words;
  }
}
