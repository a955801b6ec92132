package dev.forearm.runtime.robot;

/**
 * From when the actions of a chunk count: action k is due k + 1 steps later. What was observed is
 * older than its assembly, and an actor that says where to be next speaks from where the arm was.
 */
public enum ChunkOrigin {
  /** When the observed joint state was measured. */
  JOINT_STATES("joint_states"),
  /** When the oldest of all observed signals was measured. */
  OLDEST("oldest"),
  /** When the observation was assembled. */
  ASSEMBLY("assembly");

  private final String word;

  ChunkOrigin(String word) {
    this.word = word;
  }

  /** As a robot file writes it. */
  public String word() {
    return word;
  }
}
