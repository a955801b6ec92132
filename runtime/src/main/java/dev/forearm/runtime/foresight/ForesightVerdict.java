package dev.forearm.runtime.foresight;

/** What the foresight gate makes of a chunk. */
public enum ForesightVerdict {
  /** Execute it whole. */
  EXECUTE,
  /** Execute its first steps only. */
  SHORTEN,
  /** Do not execute it. */
  HOLD
}
