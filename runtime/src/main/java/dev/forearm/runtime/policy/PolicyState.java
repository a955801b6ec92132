package dev.forearm.runtime.policy;

import java.util.Map;

/**
 * What a policy remembers of the running episode, so that it can be taken up again exactly there.
 *
 * @param seed of the episode's random numbers
 * @param plans since the episode began, which is how far the random numbers have come
 * @param memory recurrent state by name, as its graphs hold it; the arrays are not copied
 */
public record PolicyState(long seed, long plans, Map<String, float[]> memory) {
  /** Of a policy that remembers nothing. */
  public static final PolicyState NONE = new PolicyState(0, 0, Map.of());

  public PolicyState {
    memory = Map.copyOf(memory);
  }
}
