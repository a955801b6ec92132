package dev.forearm.launch.session;

import dev.forearm.launch.House;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.policy.Placement;
import dev.forearm.models.retrieval.RetrievalPolicy;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.foresight.ForesightLimits;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.policy.AdaptedPolicy;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.ExploringPolicy;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicyAround;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.RegraspingPolicy;
import dev.forearm.runtime.policy.Retry;
import dev.forearm.runtime.policy.RetryingPolicy;
import dev.forearm.runtime.policy.SwayPolicy;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.sim.expert.Coached;
import dev.forearm.sim.expert.Expert;
import dev.forearm.sim.expert.ExpertForesight;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What drives an arm, and how it is told apart from others. Owns its policy. What was put around
 * that has one order, in whichever it was asked for ({@link Layer}).
 */
public final class Mind implements AutoCloseable {
  /** What may be around a policy, from the inside outwards; once each. */
  private enum Layer {
    ADAPTED,
    REGRASPING,
    RETRYING,
    EXPLORING
  }

  /** The name under which the scripted expert drives in place of a bundle. */
  public static final String EXPERT = "expert";

  /** The name under which {@link SwayPolicy} drives in place of a bundle. */
  public static final String SWAY = "sway";

  /** The name under which demonstrations drive in place of a bundle. */
  public static final String DEMONSTRATIONS = "demonstrations";

  /** The name of a bundle and the expert or demonstrations that drive by turns. */
  public static final String COACHED = "coached";

  /** Key of the value that says after how long it is helped where it is stuck, in seconds. */
  public static final String RETRY_SECONDS = "retry_seconds";

  /** Key of the value that says that grasps were aimed anew where they missed. */
  public static final String REGRASPS = "regrasps";

  /** Key of the value that says what computed the graphs, where it was not the CPU. */
  public static final String PROVIDERS = "providers";

  private final Policy bare;
  private final Map<Layer, UnaryOperator<Policy>> layers;
  private final Policy policy; // the bare one within its layers
  private final float[] imaginedScale;
  private final Optional<ForesightLimits> foresight;
  private final String name;
  private final String task;
  private final String sha256;

  /**
   * On servos and with a foresight of which nothing is known.
   *
   * @param imaginedScale natural scale of each value of an imagined frame, physical units
   * @param name of the bundle, or {@code expert}
   * @param task that it was made for
   * @param sha256 of the bundle; empty for what is no bundle
   */
  public Mind(Policy policy, float[] imaginedScale, String name, String task, String sha256) {
    this(policy, Map.of(), imaginedScale, Optional.empty(), name, task, sha256);
  }

  private Mind(
      Policy bare,
      Map<Layer, UnaryOperator<Policy>> layers,
      float[] imaginedScale,
      Optional<ForesightLimits> foresight,
      String name,
      String task,
      String sha256) {
    this.bare = bare;
    this.layers = layers;
    Policy around = bare;
    for (Layer layer : Layer.values()) {
      around = layers.getOrDefault(layer, UnaryOperator.identity()).apply(around);
    }
    policy = around;
    this.imaginedScale = imaginedScale;
    this.foresight = foresight;
    this.name = name;
    this.task = task;
    this.sha256 = sha256;
  }

  /** Plans. */
  public Policy policy() {
    return policy;
  }

  /** Of the bundle, or {@code expert}. */
  public String name() {
    return name;
  }

  /** That it was made for. */
  public String task() {
    return task;
  }

  /** Of the bundle; empty for what is no bundle. */
  public String sha256() {
    return sha256;
  }

  /** Limits of its foresight; empty where it was not calibrated. */
  public Optional<ForesightLimits> foresight() {
    return foresight;
  }

  /** Natural scale of each value of an imagined frame, physical units. */
  public float[] imaginedScale() {
    return imaginedScale;
  }

  /**
   * Loads what is to drive a robot.
   *
   * @param bundle as {@link House#bundle} finds it, {@link #EXPERT} or {@link #SWAY}
   * @param task for the expert, which knows them all
   * @param choice what computes a bundle's graphs
   * @throws dev.forearm.models.ModelsFault if the bundle is damaged or does not fit
   */
  public static Mind named(String bundle, Robot robot, Task task, ProviderChoice choice) {
    return switch (bundle) {
      case EXPERT -> expert(task, robot);
      case SWAY -> sway(robot);
      default -> of(House.bundle(bundle), robot, RobotHashes.none(), Trust.anyone(), choice);
    };
  }

  /** As {@link #named(String, Robot, Task, ProviderChoice)}; the CPU computes it. */
  public static Mind named(String bundle, Robot robot, Task task) {
    return named(bundle, robot, task, new ProviderChoice.Cpu());
  }

  /** The scripted expert, which imagines nothing. */
  public static Mind expert(Task task, Robot robot) {
    return unlearned(new Expert(task, robot), EXPERT, task);
  }

  /**
   * What was demonstrated, where things are now; it imagines nothing.
   *
   * @param demonstrations of the task, read with their commands
   * @throws dev.forearm.models.ModelsFault if nothing is demonstrated in them
   */
  public static Mind demonstrated(List<RecordedPlans> demonstrations, Task task, Robot robot) {
    PolicySpec spec = Expert.specOf(task, robot);
    return unlearned(new RetrievalPolicy(spec, robot, demonstrations), DEMONSTRATIONS, task);
  }

  private static Mind unlearned(Policy policy, String name, Task task) {
    float[] ones = new float[policy.spec().frameWidth()];
    Arrays.fill(ones, 1);
    return new Mind(policy, ones, name, task.label(), "");
  }

  /** A slow motion of every joint, of any robot. */
  public static Mind sway(Robot robot) {
    return new Mind(new SwayPolicy(robot), new float[0], SWAY, SWAY, "");
  }

  /**
   * Loads a bundle for a robot, whoever signed it; the CPU computes it.
   *
   * @throws dev.forearm.models.ModelsFault if it is damaged or does not fit
   */
  public static Mind of(Path bundle, Robot robot) {
    return of(bundle, robot, RobotHashes.none(), Trust.anyone(), new ProviderChoice.Cpu());
  }

  /**
   * Loads a bundle for a robot.
   *
   * @param hashes of the robot, for bundles that insist on one
   * @param trust whose signature is wanted
   * @param choice what computes its graphs
   * @throws dev.forearm.models.ModelsFault if it is damaged, does not fit, is not trusted or cannot
   *     be computed there
   */
  public static Mind of(
      Path bundle, Robot robot, RobotHashes hashes, Trust trust, ProviderChoice choice) {
    return of(BundlePolicy.load(bundle, robot, hashes, trust, choice), robot, "");
  }

  /** On the servos that the bundle knows, if it knows any. */
  private static Mind of(BundlePolicy policy, Robot robot, String suffix) {
    Mind mind =
        new Mind(
                policy,
                policy.imaginedScale(),
                policy.bundle().manifest().name() + suffix,
                policy.bundle().manifest().task(),
                policy.bundle().sha256())
            .foreseeing(policy.bundle().foresight());
    return policy.bundle().actuators().map(known -> mind.adapted(known, robot)).orElse(mind);
  }

  /**
   * A bundle and the expert by turns.
   *
   * @param seed of the turns
   * @throws dev.forearm.models.ModelsFault if the bundle is damaged or does not fit
   */
  public static Mind coached(Path student, Task task, Robot robot, long seed) {
    return of(student, robot).coached(new Expert(task, robot), seed);
  }

  /**
   * A bundle and what was demonstrated by turns.
   *
   * @param demonstrations of its task, read with their commands
   * @param seed of the turns
   * @throws dev.forearm.models.ModelsFault if the bundle is damaged or does not fit, or nothing is
   *     demonstrated
   */
  public static Mind coached(
      Path student, List<RecordedPlans> demonstrations, Robot robot, long seed) {
    Mind learner = of(student, robot);
    Policy teacher = new RetrievalPolicy(learner.policy.spec(), robot, demonstrations);
    return learner.coached(teacher, seed);
  }

  /** Both on the servos that this one is adapted to; of their foresight nothing is known. */
  private Mind coached(Policy teacher, long seed) {
    Policy both = new Coached(bare, teacher, seed);
    return new Mind(both, layers, imaginedScale, Optional.empty(), COACHED, task, sha256);
  }

  /**
   * A bundle's actor on what the scripted expert would do: what then fails is the actor's.
   *
   * @param bundle as {@link House#bundle} finds it
   * @param choice what computes its graphs
   * @throws dev.forearm.models.ModelsFault if it is damaged or does not fit
   */
  public static Mind foreseen(String bundle, Robot robot, ProviderChoice choice) {
    BundlePolicy own =
        BundlePolicy.load(House.bundle(bundle), robot, RobotHashes.none(), Trust.anyone(), choice);
    Task task = Task.named(own.bundle().manifest().task());
    return of(own.imagining(new ExpertForesight(task, robot, own.spec())), robot, "-foreseen")
        .foreseeing(Optional.empty());
  }

  /** The same with other limits of its foresight, or none. It takes this one's place. */
  public Mind foreseeing(Optional<ForesightLimits> limits) {
    return new Mind(bare, layers, imaginedScale, limits, name, task, sha256);
  }

  /** The bundle that it came from; empty if it is none's alone. */
  public Optional<Bundle> bundle() {
    return innermost().map(BundlePolicy::bundle);
  }

  /** What computes its graphs; of no bundle, nothing. */
  public List<Placement> placements() {
    return innermost().map(BundlePolicy::placements).orElse(List.of());
  }

  private Optional<BundlePolicy> innermost() {
    Policy innermost = policy;
    while (innermost instanceof PolicyAround around) {
      innermost = around.inner();
    }
    return innermost instanceof BundlePolicy own ? Optional.of(own) : Optional.empty();
  }

  /**
   * The same, its actions straying. It takes this one's place.
   *
   * @throws IllegalArgumentException if the exploration is for another number of joints
   */
  public Mind exploring(Exploration exploration) {
    return within(Layer.EXPLORING, inner -> new ExploringPolicy(inner, exploration));
  }

  /**
   * The same, helped where it is stuck. It takes this one's place.
   *
   * @see RetryingPolicy
   */
  public Mind retrying(Retry retry, Robot robot) {
    return within(Layer.RETRYING, inner -> new RetryingPolicy(inner, robot, retry));
  }

  /**
   * The same, its grasps aimed anew where they miss. It takes this one's place.
   *
   * @throws IllegalArgumentException if it does not see or command what that takes
   * @see RegraspingPolicy
   */
  public Mind regrasping(Robot robot) {
    return within(Layer.REGRASPING, inner -> new RegraspingPolicy(inner, robot));
  }

  /**
   * The same on servos that are known, whatever its bundle says of them. It takes this one's place.
   *
   * @throws dev.forearm.runtime.RuntimeFault if the calibration is another robot's
   */
  public Mind adapted(ActuatorCalibration known, Robot robot) {
    return within(Layer.ADAPTED, inner -> new AdaptedPolicy(inner, known, robot));
  }

  private Mind within(Layer layer, UnaryOperator<Policy> made) {
    Map<Layer, UnaryOperator<Policy>> all = new EnumMap<>(Layer.class);
    all.putAll(layers);
    all.put(layer, made);
    return new Mind(bare, all, imaginedScale, foresight, name, task, sha256);
  }

  /** What a policy loop takes of it, for a robot and what is known of that. */
  public InstalledPolicy installed(Robot robot, RobotSignals signals) {
    return new InstalledPolicy(name, sha256, policy, imaginedScale, foresight, robot, signals);
  }

  /** What a recording says of it beside its name. */
  public Map<String, String> notes() {
    Map<String, String> notes = new LinkedHashMap<>();
    if (placements().stream().anyMatch(placement -> placement.provider() != Provider.CPU)) {
      notes.put(PROVIDERS, String.join(", ", placements().stream().map(Placement::place).toList()));
    }
    Policy at = policy;
    while (at instanceof PolicyAround around) {
      if (around instanceof RetryingPolicy helped) {
        notes.put(RETRY_SECONDS, Double.toString(helped.retry().stuckSeconds()));
      }
      if (around instanceof AdaptedPolicy adapted) {
        notes.put(EpisodeInfo.ACTUATORS, adapted.actuators().text());
      }
      if (around instanceof RegraspingPolicy) {
        notes.put(REGRASPS, Boolean.toString(true));
      }
      at = around.inner();
    }
    return notes;
  }

  @Override
  public void close() {
    policy.close();
  }
}
