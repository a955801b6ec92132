package dev.forearm.runtime.robot;

/** Unit of a joint's position; velocity and acceleration are this unit per second (squared). */
public enum JointUnit {
  RADIAN("rad"),
  METRE("m");

  private final String symbol;

  JointUnit(String symbol) {
    this.symbol = symbol;
  }

  /** The symbol used in robot files and bundles: {@code rad} or {@code m}. */
  public String symbol() {
    return symbol;
  }
}
