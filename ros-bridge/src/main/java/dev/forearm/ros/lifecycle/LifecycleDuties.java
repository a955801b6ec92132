package dev.forearm.ros.lifecycle;

/**
 * What a program does at each transition, on the thread that calls {@link Lifecycle#turn}. One that
 * throws has failed: the node stays where it was.
 */
public interface LifecycleDuties {
  /** Gets all that it takes to be active. */
  void configure();

  void activate();

  void deactivate();

  /** Gives back what {@link #configure} got. */
  void cleanUp();

  /** Ends; whatever was got is given back afterwards. */
  void shutDown();
}
