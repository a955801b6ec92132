package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.robot.Robot;

/** Turns chunks into positions to command. Control thread; must not allocate. */
public interface Follower {
  /**
   * Goes over to a new chunk.
   *
   * @param chunk not refused; may be read until the next call
   * @param now of the command that {@code position} and {@code velocity} belong to
   * @param position commanded then, rad or m
   * @param velocity commanded then, rad/s or m/s
   */
  void take(ActionChunk chunk, long now, double[] position, double[] velocity);

  /** Writes the positions wanted at {@code now}, rad or m. */
  void sample(long now, double[] target);

  /**
   * How long a chunk takes, as a rule at most, from the time that its actions count from until it
   * is followed; 0: it does not know.
   */
  default long delayNanos() {
    return 0;
  }

  /** The one that runs on robots: {@link ChunkFollower}. */
  static Follower of(Robot robot) {
    return new ChunkFollower(robot.jointCount(), robot.blendNanos());
  }
}
