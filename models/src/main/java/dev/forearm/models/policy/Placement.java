package dev.forearm.models.policy;

import dev.forearm.models.ort.Provider;

/**
 * Where one graph of a policy computes.
 *
 * @param graph world_model or actor
 * @param provider the kind of processor
 * @param where in words, for example {@code cuda:0 by a CUDA graph}
 * @param why it was chosen; empty if nothing else was asked for
 */
public record Placement(String graph, Provider provider, String where, String why) {
  /** In words: {@code actor on cpu}. */
  public String place() {
    return graph + " on " + where;
  }

  /** With the reason: {@code actor on cpu (0.110 ms on the cpu, 0.320 ms on cuda:0)}. */
  @Override
  public String toString() {
    return place() + (why.isEmpty() ? "" : " (" + why + ")");
  }
}
