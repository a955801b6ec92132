package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A point at which gradients are checked, and what they are there: arrays {@code in.NAME} for the
 * graph's inputs and {@code target}, and {@code loss} and {@code grad.NAME} for what is expected.
 *
 * @param arrays by key
 */
public record GradientProbe(Map<String, HostTensor> arrays) {
  private static final String INPUT = "in.";

  /** Size of an open dimension where inputs are made up. */
  private static final int OPEN_SIZE = 3;

  /** A point to be made up. */
  public static GradientProbe random() {
    return new GradientProbe(Map.of());
  }

  /**
   * Reads {@code .npz} files; which of them holds which array does not matter.
   *
   * @param leftOut told of each file's arrays that hold no numbers for a graph, by name
   * @throws ModelsFault if one cannot be read, or two hold different arrays under one key
   */
  public static GradientProbe read(
      Collection<Path> files, BiConsumer<Path, Map<String, String>> leftOut) {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    for (Path file : files) {
      Map<String, String> others = new LinkedHashMap<>();
      Npz.read(file, others::put)
          .forEach((key, value) -> {
            HostTensor other = arrays.put(key, value);
            if (other != null && !other.sameAs(value)) {
              throw new ModelsFault(
                  "read %s: found another '%s' than in the other file, wanted one of them"
                      .formatted(file, key));
            }
          });
      if (!others.isEmpty()) {
        leftOut.accept(file, others);
      }
    }
    return new GradientProbe(arrays);
  }

  /** Whether it says what gradients are to be found. */
  public boolean expectsGradients() {
    return !expected(arrays.keySet()).isEmpty();
  }

  /**
   * Names whose gradients are expected.
   *
   * @throws ModelsFault if the graph has no initializer or input of such a name
   */
  public List<String> expected(Graph graph) {
    List<String> names = expected(arrays.keySet());
    for (String name : names) {
      if (!graph.initializers().containsKey(name) && !graph.inputs().containsKey(name)) {
        throw new ModelsFault(
            "check "
                + graph.source()
                + ": a gradient is expected for '"
                + name
                + "', which is neither initializer nor input; it was renamed or folded in export,"
                + " check the trainable form");
      }
    }
    return names;
  }

  private static List<String> expected(Collection<String> keys) {
    return keys.stream()
        .filter(key -> key.startsWith(TrainableGraph.GRADIENT))
        .map(key -> key.substring(TrainableGraph.GRADIENT.length()))
        .toList();
  }

  /**
   * What to feed a training graph: parameters as they start, given inputs in the graph's types, and
   * whatever is not given made up from a seed: standard normal numbers, zeros and ones for integers
   * and bools, equal symbols in equal sizes.
   *
   * @param forward the graph that {@code train} was derived from
   * @throws ModelsFault if some inputs are given but not one that the loss depends on, or the graph
   *     does not run on what was made up
   */
  public Map<String, HostTensor> feeds(Graph forward, TrainableGraph train, long seed) {
    boolean given = forward.inputs().keySet().stream().anyMatch(name -> array(name) != null);
    Random random = new Random(seed);
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, TensorType> input : forward.inputs().entrySet()) {
      HostTensor value = array(input.getKey());
      if (value == null && given && train.graph().inputs().containsKey(input.getKey())) {
        throw new ModelsFault(
            "check %s: found arrays %s, wanted 'in.%s' (%s) too, as for the other inputs"
                .formatted(forward.source(), arrays.keySet(), input.getKey(), input.getValue()));
      }
      inputs.put(
          input.getKey(),
          value == null ? madeUp(input.getValue(), random) : cast(value, input.getValue()));
    }
    Map<String, HostTensor> feeds = new LinkedHashMap<>(inputs);
    HostTensor target = arrays.get(TrainableGraph.TARGET);
    train
        .graph()
        .inputs()
        .forEach((name, wanted) -> {
          if (!inputs.containsKey(name) && !train.parameters().containsKey(name)) {
            HostTensor own = arrays.getOrDefault(name, target);
            feeds.put(name, cast(own == null ? target(forward, inputs, random) : own, wanted));
          }
        });
    feeds.keySet().retainAll(train.graph().inputs().keySet());
    feeds.putAll(train.parameters());
    return feeds;
  }

  /**
   * Requires of a graph the gradients that are expected, for the loss mean((first output -
   * target)^2).
   *
   * @throws ModelsFault if one is off by more than {@link GradientComparison#TOLERANCE}, or the
   *     graph lacks the name
   */
  public void require(Graph forward) {
    TrainableGraph train =
        TrainableGraph.derive(forward, new Loss.MeanSquared(), expected(forward));
    try (HostRun run = new HostRun(train.graph())) {
      GradientErrors errors = GradientComparison.compare(run.run(feeds(forward, train, 0)), arrays);
      if (!errors.good()) {
        throw new ModelsFault(
            "check %s: its gradients are not those that PyTorch found at export:%n%s%nexport it with the training exporter of models/export"
                .formatted(forward.source(), errors));
      }
    }
  }

  private @Nullable HostTensor array(String input) {
    HostTensor value = arrays.get(INPUT + input);
    return value == null ? arrays.get(input) : value;
  }

  /** Of the shape of the first output, which only running the graph tells for sure. */
  private static HostTensor target(Graph forward, Map<String, HostTensor> inputs, Random random) {
    Graph first = forward.copy();
    String output = first.outputs().keySet().iterator().next();
    first.outputs().keySet().retainAll(List.of(output));
    try (HostRun run = new HostRun(first)) {
      HostTensor shape = Objects.requireNonNull(run.run(inputs).get(output));
      return madeUp(shape.tensorType(), random);
    } catch (ModelsFault e) {
      throw new ModelsFault(
          "check %s: it does not run on made-up inputs (%s); give some with --inputs"
              .formatted(forward.source(), e.getMessage()),
          e);
    }
  }

  private static HostTensor cast(HostTensor value, TensorType wanted) {
    return value.type() == wanted.type()
        ? value
        : HostTensor.ofValues(wanted.type(), value.dims(), value.doubles());
  }

  private static HostTensor madeUp(TensorType type, Random random) {
    List<Dim> dims = type.dims() == null ? List.of() : type.dims();
    long[] shape = new long[dims.size()];
    int size = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dims.get(i) instanceof Dim.Known(long known) ? known : OPEN_SIZE;
      size = Math.multiplyExact(size, Math.toIntExact(shape[i]));
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = type.type().floating() ? random.nextGaussian() : random.nextInt(2);
    }
    return HostTensor.ofValues(type.type(), shape, values);
  }
}
