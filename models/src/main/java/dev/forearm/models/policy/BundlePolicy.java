package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.Statistics;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.train.SplitMix;
import dev.forearm.runtime.policy.Actor;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
import dev.forearm.runtime.policy.WorldActionPolicy;
import dev.forearm.runtime.policy.WorldModel;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A world-action policy out of a bundle: read, compared with the robot, proven on the bundle's own
 * probe and warmed up before it is handed out, so that the control loop never meets a first time.
 * Loaded on any thread, then called by one.
 */
public final class BundlePolicy implements Policy {
  /** Of the graph's largest value: float32 arithmetic in another order, no more. */
  private static final double PROBE_TOLERANCE = 1e-3;

  /** Of a value itself: what it loses as a float32. */
  private static final double ROUNDING = 1e-6;

  /** Of the seeds: the same episode after loading draws the same, wherever it runs. */
  private static final long NOISE_KEY = 0x666f7265L;

  /** Enough for ORT to have planned its memory and for the JIT to have seen the loop. */
  private static final int WARM_UP_PLANS = 200;

  /** Of a policy that takes long for one, beside the probe's: its memory is planned by then. */
  private static final int WARM_UP_PLANS_MIN = 1;

  private static final long WARM_UP_NANOS = 100_000_000;

  /** Name in its memory of the departure that it keeps, a whole number that float32 holds. */
  private static final String CHOSEN = "choice.kept";

  private final Bundle bundle;
  private final OnnxWorldModel worldModel;
  private final OnnxActor actor;
  private final @Nullable WorldActionPolicy led; // by another's imagination
  private final @Nullable ImaginationChoice choice;
  private final PolicySpec spec;
  private final Driver driver;
  private long seed = GraphRun.SILENT;
  private long episodes;
  private boolean closed;

  private BundlePolicy(
      Bundle bundle,
      OnnxWorldModel worldModel,
      OnnxActor actor,
      @Nullable ImaginationChoice choice,
      @Nullable WorldActionPolicy led) {
    this.bundle = bundle;
    this.worldModel = worldModel;
    this.actor = actor;
    this.choice = choice;
    this.led = led;
    spec = bundle.manifest().spec();
    driver = new Driver.Learned(bundle.sha256());
  }

  /**
   * Loads a bundle for a robot: any signer, one CPU thread.
   *
   * @throws ModelsFault as {@link #load(Path, Robot, RobotHashes, Trust, ProviderChoice)}
   */
  public static BundlePolicy load(Path location, Robot robot) {
    return load(location, robot, RobotHashes.none(), Trust.anyone(), new ProviderChoice.Cpu());
  }

  /**
   * Loads a bundle for a robot.
   *
   * @param hashes of the robot, for bundles that insist on one
   * @param trust whose signature is wanted
   * @param choice where its graphs compute
   * @throws ModelsFault if the bundle is damaged, does not fit the robot, its graphs are not what
   *     bundle.yaml describes, cannot be computed there, or do not reproduce the bundle's probe
   */
  public static BundlePolicy load(
      Path location, Robot robot, RobotHashes hashes, Trust trust, ProviderChoice choice) {
    return load(location, robot, hashes, trust, choice, OrtRuntime.shared());
  }

  static BundlePolicy load(
      Path location,
      Robot robot,
      RobotHashes hashes,
      Trust trust,
      ProviderChoice choice,
      OrtRuntime ort) {
    Bundle bundle = BundleReader.read(location, trust);
    Deque<AutoCloseable> opened = new ArrayDeque<>(List.of(bundle));
    try {
      bundle.requireFits(robot, hashes);
      OnnxWorldModel worldModel = new OnnxWorldModel(bundle, ort, choice);
      opened.push(worldModel);
      OnnxActor actor = new OnnxActor(bundle, ort, choice);
      opened.push(actor);
      ImaginationChoice choosing = ImaginationChoice.of(bundle, ort).orElse(null);
      if (choosing != null) {
        opened.push(choosing);
      }
      BundlePolicy loaded = new BundlePolicy(bundle, worldModel, actor, choosing, null);
      loaded.prove();
      loaded.warmUp();
      loaded.reset();
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

  /** Where its graphs compute, the world model's first. */
  public List<Placement> placements() {
    return halves().stream().map(GraphRun::placement).toList();
  }

  /** Natural scale of each value of an imagined frame: what it varies by where it is observed. */
  public float[] imaginedScale() {
    float[] std = bundle.statistics().observation().std();
    int[] places = spec.placesOf(spec.imagined());
    float[] scale = new float[places.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = std[places[i]];
    }
    return scale;
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
    return new BundlePolicy(bundle, worldModel, actor, choice, new WorldActionPolicy(other, actor));
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {
    restart(SplitMix.bits(NOISE_KEY, episodes++));
  }

  @Override
  public PolicyState freeze() {
    Map<String, float[]> memory = new TreeMap<>();
    halves().forEach(half -> half.freeze(memory));
    if (choice != null) {
      memory.put(CHOSEN, new float[] {choice.kept()});
    }
    return new PolicyState(seed, actor.graph().runs(), memory);
  }

  @Override
  public void thaw(PolicyState state) {
    Set<String> wanted = new TreeSet<>();
    halves().forEach(half -> wanted.addAll(half.memory()));
    if (choice != null) {
      wanted.add(CHOSEN);
    }
    if (!state.memory().keySet().equals(wanted)) {
      throw new IllegalArgumentException(
          "thaw into bundle %s: found a memory of %s, wanted %s"
              .formatted(bundle.location(), state.memory().keySet(), wanted));
    }
    seed = state.seed();
    halves().forEach(half -> half.thaw(state));
    if (choice != null) {
      choice.keep((int) Objects.requireNonNull(state.memory().get(CHOSEN))[0]);
    }
  }

  private void restart(long with) {
    seed = with;
    halves().forEach(half -> half.restart(with));
    if (choice != null) {
      choice.restart();
    }
  }

  private List<GraphRun> halves() {
    return List.of(worldModel.graph(), actor.graph());
  }

  @Override
  public int prefixSteps() {
    return bundle.manifest().prefixSteps();
  }

  @Override
  public void commit(double[] actions, int steps) {
    actor.commit(actions, steps);
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    if (led != null) {
      led.plan(observation, plan);
    } else {
      worldModel.imagine(observation, plan.imagined());
      plan.imagines(true);
      if (choice == null || seed == GraphRun.SILENT) {
        actor.act(observation.values(), worldModel, plan.imagined(), plan.actions());
      } else {
        choice.depart(seed, actor.graph().runs(), observation.values(), plan.imagined());
        actor.act(observation.values(), plan.imagined(), plan.actions());
      }
    }
    plan.driver(driver);
  }

  @Override
  public void confine(double[] actions) {
    actor.confine(actions);
  }

  /** Closes both graphs, then the weights; once. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (choice != null) {
        choice.close();
      }
      actor.close();
      worldModel.close();
      bundle.close();
    }
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

  /** Compares the plan for the probe's observation with the one that the exporter saw. */
  private void prove() {
    Observation observation = new Observation(spec);
    float[] seen = observation.values();
    System.arraycopy(numbers("observation", seen.length), 0, seen, 0, seen.length);
    for (int i = 0; i < spec.images().size(); i++) {
      Feature image = spec.images().get(i);
      MemorySegment pixels = MemorySegment.ofArray(floats(image.name(), image.size()));
      observation.images().get(i).values().copyFrom(pixels);
    }
    Plan plan = new Plan(spec);
    plan(observation, plan);
    double[] imagined = new double[plan.imagined().length];
    Arrays.setAll(imagined, i -> plan.imagined()[i]);
    Statistics statistics = bundle.statistics();
    requireEqual(Bundle.Half.WORLD_MODEL, "imagined", seen, imagined, statistics.imagined());
    requireEqual(Bundle.Half.ACTOR, "actions", seen, plan.actions(), statistics.action());
  }

  private void warmUp() {
    Observation observation = new Observation(spec());
    float[] mean = bundle.statistics().observation().mean();
    System.arraycopy(mean, 0, observation.values(), 0, mean.length);
    Plan plan = new Plan(spec());
    long end = System.nanoTime() + WARM_UP_NANOS;
    for (int i = 0; i < WARM_UP_PLANS && (i < WARM_UP_PLANS_MIN || System.nanoTime() < end); i++) {
      plan(observation, plan);
    }
  }

  private float[] numbers(String name, int wanted) {
    return sized(name, bundle.probed(name), wanted);
  }

  private float[] floats(String name, int wanted) {
    return sized(name, bundle.probe(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), wanted);
  }

  private float[] sized(String name, float[] values, int wanted) {
    if (values.length != wanted) {
      throw new ModelsFault(
          "bundle %s: probe '%s' has shape %s, wanted %s values; export it again"
              .formatted(bundle.location(), name, bundle.probe(name).shape(), wanted));
    }
    return values;
  }

  private void requireEqual(
      Bundle.Half half, String output, float[] seen, double[] found, Scaling scaling) {
    float[] wanted = numbers(output, found.length);
    float largest = 1;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(scaling.normalised(seen, i, wanted[i])));
    }
    for (int i = 0; i < wanted.length; i++) {
      double tolerance =
          PROBE_TOLERANCE * scaling.std()[i] * largest
              + ROUNDING * Math.max(1, Math.abs(wanted[i]));
      if (!(Math.abs(found[i] - wanted[i]) <= tolerance)) {
        throw new ModelsFault(
            "%s: value %s of '%s' on the bundle's probe: found %s, wanted %s; graph, weights and statistics do not belong together, export the bundle again"
                .formatted(bundle.name(half), i, output, found[i], wanted[i]));
      }
    }
  }
}
