package dev.forearm.models.promotion;

import java.nio.file.Path;

/**
 * Episodes from starts that nobody learned from, on a simulator or a robot. All that is played of
 * one trial plays the same starts in the same order.
 */
public interface HeldOutTrial {
  /**
   * A policy at the first start.
   *
   * @param bundle its folder
   */
  Play open(Path bundle);

  /** What is played and from where, for people, so that somebody can repeat it. */
  String description();

  /** One policy going through the starts. */
  interface Play extends AutoCloseable {
    /** Plays the next start to its end; whether the policy succeeded. */
    boolean next();

    @Override
    void close();
  }
}
