package dev.forearm.runtime.policy;

/** A policy in two halves: the world model imagines, the actor brings it about. */
public final class WorldActionPolicy implements Policy {
  private final PolicySpec spec;
  private final WorldModel worldModel;
  private final Actor actor;

  /** Both halves must agree with {@code spec} on every width. */
  public WorldActionPolicy(PolicySpec spec, WorldModel worldModel, Actor actor) {
    this.spec = spec;
    this.worldModel = worldModel;
    this.actor = actor;
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
}
