package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.Manifest;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.HostBinding;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.ort.TensorInfo;
import dev.forearm.models.train.SplitMix;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.policy.PolicyState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A session with one preallocated FLOAT32 tensor bound to each input and output, batch 1, but for
 * images, which are bound where they lie. What the manifest calls state goes from one run's output
 * to the next one's input; what it calls noise is drawn anew for each run, as a function of seed
 * and run alone.
 */
final class GraphRun implements AutoCloseable {
  /** A seed with which all noise is 0. */
  static final long SILENT = Long.MIN_VALUE;

  private static final String IN = "_in";
  private static final String OUT = "_out";

  private final String half;
  private final List<Manifest.Port> state;
  private final List<Manifest.Port> noise;
  private final InferenceSession session;
  private final HostBinding binding;
  private final ImageInputs images;
  private final List<Tensor> results;
  private final Tensor[] before; // this and the next three by state and noise, in their order
  private final Tensor[] after;
  private final Tensor[] drawn;
  private Placement placement;
  private long seed = SILENT;
  private long runs;

  /**
   * Opens a half where it is to compute, and binds it.
   *
   * @param seen shapes of inputs by name, beside images, state and noise
   * @param pictures image features, which are inputs too
   * @param given shapes of outputs by name, beside state
   * @throws ModelsFault if the graph's inputs and outputs are not exactly these, or it cannot be
   *     computed there
   */
  static GraphRun open(
      Bundle bundle,
      Bundle.Half half,
      OrtRuntime ort,
      ProviderChoice choice,
      Map<String, long[]> seen,
      List<Feature> pictures,
      Map<String, long[]> given) {
    return new ProviderRace(
            options -> new GraphRun(bundle, half, ort, options, seen, pictures, given))
        .open(choice);
  }

  private GraphRun(
      Bundle bundle,
      Bundle.Half half,
      OrtRuntime ort,
      SessionOptions options,
      Map<String, long[]> seen,
      List<Feature> pictures,
      Map<String, long[]> given) {
    images = new ImageInputs(ort, pictures);
    this.half = half.name().toLowerCase(Locale.ROOT);
    state = bundle.manifest().graph(half).state();
    noise = bundle.manifest().graph(half).noise();
    Map<String, long[]> inputs = new LinkedHashMap<>(seen);
    Map<String, long[]> outputs = new LinkedHashMap<>(given);
    state.forEach(port -> {
      inputs.put(port.name() + IN, port.sizes());
      outputs.put(port.name() + OUT, port.sizes());
    });
    noise.forEach(port -> inputs.put(port.name(), port.sizes()));
    session = bundle.open(ort, half, options);
    placement = new Placement(this.half, session.provider(), "", "");
    binding = new HostBinding(session);
    try {
      Map<String, long[]> all = new LinkedHashMap<>(inputs);
      all.putAll(images.shapes());
      require("input", session.inputs(), all);
      require("output", session.outputs(), outputs);
      inputs.forEach((name, shape) -> binding.input(name, ElementType.FLOAT32, shape));
      results =
          outputs.entrySet().stream()
              .map(each -> binding.output(each.getKey(), ElementType.FLOAT32, each.getValue()))
              .toList();
      before = state.stream().map(port -> tensor(port.name() + IN)).toArray(Tensor[]::new);
      after = state.stream().map(port -> tensor(port.name() + OUT)).toArray(Tensor[]::new);
      drawn = noise.stream().map(port -> tensor(port.name())).toArray(Tensor[]::new);
      restart(SILENT);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Begins an episode: state 0, noise of this seed. */
  void restart(long seed) {
    this.seed = seed;
    runs = 0;
    for (Tensor tensor : before) {
      tensor.memory().fill((byte) 0);
    }
    for (Tensor tensor : drawn) {
      tensor.memory().fill((byte) 0);
    }
  }

  /** Puts copies of the state under their names. */
  void freeze(Map<String, float[]> memory) {
    for (int i = 0; i < before.length; i++) {
      float[] values = new float[Math.toIntExact(before[i].elements())];
      before[i].copyTo(values);
      memory.put(name(state.get(i)), values);
    }
  }

  /**
   * Goes on after so many runs of an episode.
   *
   * @throws IllegalArgumentException if the memory lacks a state or has it in another size
   */
  void thaw(PolicyState frozen) {
    for (Manifest.Port port : state) {
      float[] values = frozen.memory().get(name(port));
      if (values == null || values.length != tensor(port.name() + IN).elements()) {
        throw new IllegalArgumentException(
            "thaw: found %s values of '%s', wanted those of %s"
                .formatted(values == null ? "no" : values.length, name(port), port));
      }
    }
    restart(frozen.seed());
    runs = frozen.plans();
    for (int i = 0; i < before.length; i++) {
      before[i].copyFrom(Objects.requireNonNull(frozen.memory().get(name(state.get(i)))));
    }
  }

  /** Names of the states, told apart from those of the other half. */
  List<String> memory() {
    return state.stream().map(this::name).toList();
  }

  /** Runs since the episode began. */
  long runs() {
    return runs;
  }

  private String name(Manifest.Port port) {
    return half + "." + port.name();
  }

  Tensor tensor(String name) {
    return binding.tensor(name);
  }

  /** Where it computes. */
  Placement placement() {
    return placement;
  }

  /** Says where it computes. */
  GraphRun at(String where) {
    placement = new Placement(half, placement.provider(), where, placement.why());
    return this;
  }

  /** Says why it computes there. */
  GraphRun because(String why) {
    placement = new Placement(half, placement.provider(), placement.where(), why);
    return this;
  }

  /** Computes the usual input: the mean of each number, black pictures, the state of a start. */
  void warmUp() {
    images.blank(binding);
    restart(SILENT);
    binding.run();
  }

  /** Whether another's last outputs are the same but for a share of the largest, or of 1. */
  boolean agrees(GraphRun other, double tolerance) {
    for (int i = 0; i < results.size(); i++) {
      Tensor mine = results.get(i);
      Tensor theirs = other.results.get(i);
      float largest = 1;
      double difference = 0;
      for (long j = 0; j < mine.elements(); j++) {
        largest = Math.max(largest, Math.abs(theirs.getFloat(j)));
        difference = Math.max(difference, Math.abs(mine.getFloat(j) - theirs.getFloat(j)));
      }
      if (!(difference <= tolerance * largest)) {
        return false;
      }
    }
    return true;
  }

  /** Has the next runs look at these pictures, in the order of the features. */
  void look(List<ImageTensor> pictures) {
    images.bind(binding, pictures);
  }

  void run() {
    if (seed != SILENT) {
      draw();
    }
    binding.run();
    for (int i = 0; i < before.length; i++) {
      before[i].copyFrom(after[i]);
    }
    runs++;
  }

  private void draw() {
    for (int i = 0; i < drawn.length; i++) {
      long key = SplitMix.bits(seed, i);
      long count = drawn[i].elements();
      for (long j = 0; j < count; j++) {
        drawn[i].setFloat(j, normal(SplitMix.bits(key, runs * count + j)));
      }
    }
  }

  /**
   * A standard normal number by Marsaglia's polar method (<a
   * href="https://doi.org/10.1137/1006063">doi:10.1137/1006063</a>), which unlike Box and Muller's
   * needs no cosine: StrictMath's allocates.
   */
  private static float normal(long key) {
    for (long draw = 0; ; draw += 2) {
      double u = 2 * SplitMix.uniform(key, draw) - 1;
      double v = 2 * SplitMix.uniform(key, draw + 1) - 1;
      double square = u * u + v * v;
      if (square > 0 && square < 1) {
        return (float) (u * StrictMath.sqrt(-2 * StrictMath.log(square) / square));
      }
    }
  }

  @Override
  public void close() {
    binding.close();
    session.close();
    images.close();
  }

  private void require(String role, List<TensorInfo> found, Map<String, long[]> wanted) {
    boolean fits = found.size() == wanted.size();
    for (TensorInfo info : found) {
      long[] shape = wanted.get(info.name());
      fits = fits && shape != null && info.admits(ElementType.FLOAT32, boxed(shape));
    }
    if (!fits) {
      List<String> texts = new ArrayList<>();
      wanted.forEach((name, shape) -> texts.add(name + ": FLOAT32 " + boxed(shape)));
      throw new ModelsFault(
          "%s: found %ss %s, wanted %s as bundle.yaml describes them; export it again"
              .formatted(session.name(), role, found, texts));
    }
  }

  private static List<Long> boxed(long[] shape) {
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      sizes.add(size);
    }
    return sizes;
  }
}
