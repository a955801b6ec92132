package dev.forearm.runtime.policy;

/**
 * A policy in two halves: the world model imagines, the actor brings it about. Either half may be
 * anyone's that was made for the same observation and the same frames; they stay their owner's to
 * reset, to freeze and to close.
 */
public final class WorldActionPolicy implements Policy {
  private final PolicySpec spec;
  private final WorldModel worldModel;
  private final Actor actor;

  /**
   * Puts two halves together.
   *
   * @throws IllegalArgumentException if they observe, imagine or step otherwise than each other
   */
  public WorldActionPolicy(WorldModel worldModel, Actor actor) {
    this.worldModel = worldModel;
    this.actor = actor;
    spec = actor.spec();
    PolicySpec imagining = worldModel.spec();
    requireEqual("observation", imagining.observation(), spec.observation());
    requireEqual("imagined features", imagining.imagined(), spec.imagined());
    requireEqual("frame steps", imagining.frameSteps(), spec.frameSteps());
    requireEqual("policy period in ns", imagining.periodNanos(), spec.periodNanos());
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {}

  @Override
  public void plan(Observation observation, Plan plan) {
    worldModel.imagine(observation, plan.imagined());
    plan.imagines(true);
    actor.act(observation.values(), plan.imagined(), plan.actions());
  }

  @Override
  public void confine(double[] actions) {
    actor.confine(actions);
  }

  private static void requireEqual(String what, Object imagining, Object acting) {
    if (!imagining.equals(acting)) {
      throw new IllegalArgumentException(
          "joining a world model and an actor: %s of the one %s, of the other %s; take halves that were made for the same features"
              .formatted(what, imagining, acting));
    }
  }
}
