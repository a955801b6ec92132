package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.policy.Actor;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.WorldActionPolicy;
import dev.forearm.runtime.policy.WorldModel;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A world-action policy out of a bundle: read, compared with the robot, proven on the bundle's own
 * probe and warmed up before it is handed out, so that the control loop never meets a first time.
 * Loaded on any thread, then called by one.
 */
public final class BundlePolicy implements Policy {
  /** Of the probe's largest value: float32 arithmetic in another order, no more. */
  private static final float PROBE_TOLERANCE = 1e-3f;

  /** Enough for ORT to have planned its memory and for the JIT to have seen the loop. */
  private static final int WARM_UP_PLANS = 200;

  private final Bundle bundle;
  private final OnnxWorldModel worldModel;
  private final OnnxActor actor;
  private final WorldActionPolicy policy;

  private BundlePolicy(Bundle bundle, OnnxWorldModel worldModel, OnnxActor actor) {
    this(bundle, worldModel, actor, new WorldActionPolicy(worldModel, actor));
  }

  private BundlePolicy(
      Bundle bundle, OnnxWorldModel worldModel, OnnxActor actor, WorldActionPolicy policy) {
    this.bundle = bundle;
    this.worldModel = worldModel;
    this.actor = actor;
    this.policy = policy;
  }

  /**
   * Loads a bundle for a robot: any signer, one CPU thread.
   *
   * @throws ModelsFault as {@link #load(Path, Robot, RobotHashes, Trust, SessionOptions)}
   */
  public static BundlePolicy load(Path location, Robot robot) {
    return load(location, robot, RobotHashes.none(), Trust.anyone(), new SessionOptions());
  }

  /**
   * Loads a bundle for a robot.
   *
   * @param hashes of the robot, for bundles that insist on one
   * @param trust whose signature is wanted
   * @param options threads and provider of both graphs
   * @throws ModelsFault if the bundle is damaged, does not fit the robot, its graphs are not what
   *     bundle.yaml describes, or they do not reproduce the bundle's probe
   */
  public static BundlePolicy load(
      Path location, Robot robot, RobotHashes hashes, Trust trust, SessionOptions options) {
    Bundle bundle = BundleReader.read(location, trust);
    Deque<AutoCloseable> opened = new ArrayDeque<>(List.of(bundle));
    try {
      bundle.requireFits(robot, hashes);
      OrtRuntime ort = OrtRuntime.shared();
      OnnxWorldModel worldModel = new OnnxWorldModel(bundle, ort, options);
      opened.push(worldModel);
      OnnxActor actor = new OnnxActor(bundle, ort, options);
      opened.push(actor);
      BundlePolicy loaded = new BundlePolicy(bundle, worldModel, actor);
      loaded.prove();
      loaded.warmUp();
      return loaded;
    } catch (RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /** The bundle it came from. */
  public Bundle bundle() {
    return bundle;
  }

  /** The half that imagines, for a call of its own or another's actor. Closed with this. */
  public WorldModel worldModel() {
    return worldModel;
  }

  /** The half that acts, for a call of its own or on another's imagination. Closed with this. */
  public Actor actor() {
    return actor;
  }

  /**
   * The bundle with another's imagination. It takes this one's place: closing it closes the bundle,
   * and {@code other} stays the caller's.
   *
   * @throws IllegalArgumentException if the actor was made for another imagination
   */
  public BundlePolicy imagining(WorldModel other) {
    return new BundlePolicy(bundle, worldModel, actor, new WorldActionPolicy(other, actor));
  }

  @Override
  public PolicySpec spec() {
    return policy.spec();
  }

  @Override
  public void reset() {
    policy.reset();
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    policy.plan(observation, plan);
  }

  /** Closes both graphs, then the weights. */
  @Override
  public void close() {
    actor.close();
    worldModel.close();
    bundle.close();
  }

  private static void closeAll(Deque<AutoCloseable> opened, RuntimeException because) {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        because.addSuppressed(e);
      }
    }
  }

  /** Compares both graphs with what the exporter saw them give. */
  private void prove() {
    float[] observation = floats("observation", spec().observationWidth());
    float[] imagined = floats("imagined", spec().frameSteps().size() * spec().frameWidth());
    float[] actions = floats("actions", spec().chunkSteps() * spec().joints().size());
    float[] found = new float[imagined.length];
    worldModel.runRaw(observation, found);
    requireEqual(Bundle.Half.WORLD_MODEL, "imagined", found, imagined);
    found = new float[actions.length];
    actor.runRaw(observation, imagined, found);
    requireEqual(Bundle.Half.ACTOR, "actions", found, actions);
  }

  private void warmUp() {
    Observation observation = new Observation(spec().observationWidth());
    float[] mean = bundle.statistics().observation().mean();
    System.arraycopy(mean, 0, observation.values(), 0, mean.length);
    Plan plan = new Plan(spec());
    for (int i = 0; i < WARM_UP_PLANS; i++) {
      plan(observation, plan);
    }
  }

  private float[] floats(String name, int wanted) {
    TensorView view = bundle.probe(name);
    float[] values = view.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    if (values.length != wanted) {
      throw new ModelsFault(
          "bundle %s: probe '%s' has shape %s, wanted %d values; export it again"
              .formatted(bundle.location(), name, view.shape(), wanted));
    }
    return values;
  }

  private void requireEqual(Bundle.Half half, String output, float[] found, float[] wanted) {
    float scale = 1;
    for (float value : wanted) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!(Math.abs(found[i] - wanted[i]) <= PROBE_TOLERANCE * scale)) {
        throw new ModelsFault(
            "%s: value %d of '%s' on the bundle's probe: found %s, wanted %s; graph and weights do not belong together, export the bundle again"
                .formatted(bundle.name(half), i, output, found[i], wanted[i]));
      }
    }
  }
}
