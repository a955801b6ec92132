package dev.forearm.runtime.inference;

/**
 * What a control cycle heard from outside, and what became of its command: bits of one number, as
 * {@link RuntimeTap#cycled} tells it and episodes keep it.
 */
public final class CycleEvent {
  /** Somebody asked to drive the arm since the cycle before. */
  public static final int ENGAGE = 1;

  /** Somebody asked to let go of it. */
  public static final int DISENGAGE = 1 << 1;

  /** A fault was reset, while no e-stop was pressed. */
  public static final int RESET = 1 << 2;

  /** Another part of the runtime had failed. */
  public static final int AGENT_FAILED = 1 << 3;

  /** An e-stop was pressed. */
  public static final int E_STOP = 1 << 4;

  /** There was a command to send, but the one before had not left yet. */
  public static final int HELD_BACK = 1 << 5;

  /** A command was sent. */
  public static final int SENT = 1 << 6;

  /** The workspace box or a keep-out box slowed the command. */
  public static final int FENCED = 1 << 7;

  /** The cycle itself failed. */
  public static final int FAILED = 1 << 8;

  /** Commands started over from where the arm was measured, whatever was before. */
  public static final int STARTED = 1 << 9;

  /** Somebody gave the arm back to its policy. */
  public static final int RELEASE = 1 << 10;

  private CycleEvent() {}
}
