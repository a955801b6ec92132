package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.grad.GradientProbe;
import dev.forearm.models.grad.LoraAdapters;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableCheck;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.OrtRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is trained: a graph, which of its parameters, whether directly or by adapters beside them,
 * and how trained numbers become weights of that graph again. Immutable.
 */
public final class Trainee {
  private final Graph base;
  private final Optional<LoraAdapters> adapters;
  private final List<String> trainable;

  private Trainee(Graph base, Optional<LoraAdapters> adapters, List<String> trainable) {
    this.base = base;
    this.adapters = adapters;
    this.trainable = List.copyOf(trainable);
  }

  /**
   * Low-rank adapters to be put beside frozen weights.
   *
   * @param pattern of the names of MatMul and Gemm weights, comma separated, {@code *} for any text
   * @param rank of the adapters, at least 1
   * @param alpha the adapter is scaled by alpha / rank
   */
  public record Lora(String pattern, int rank, double alpha) {}

  /**
   * Chooses parameters of a graph.
   *
   * @param exported the graph as it was exported, best for training
   * @param names what its initializers are called in the checkpoint
   * @param set the parameters to train
   * @throws ModelsFault if a name is missing or nothing is chosen
   */
  public static Trainee of(Graph exported, ParameterNames names, TrainableSet set) {
    Graph base = names.apply(exported);
    return new Trainee(base, Optional.empty(), set.resolve(base));
  }

  /**
   * Chooses parameters of a graph that comes with a checkpoint: all of them are those the
   * checkpoint has.
   *
   * @param checkpoint values by name
   * @param required names that the graph has to have, whatever is chosen
   * @throws ModelsFault as {@link TrainableCheck#check}, if the graph does not hold the
   *     checkpoint's values under their names
   */
  public static Trainee of(
      Graph exported,
      ParameterNames names,
      TrainableSet set,
      Map<String, HostTensor> checkpoint,
      Collection<String> required) {
    Graph base = names.apply(exported);
    List<String> all = new ArrayList<>(TrainableSet.parameters(base));
    all.retainAll(checkpoint.keySet());
    List<String> trainable = set.resolve(base, all);
    Set<String> checked = new LinkedHashSet<>(required);
    checked.addAll(trainable);
    TrainableCheck.check(base, checked, checkpoint);
    return new Trainee(base, Optional.empty(), trainable);
  }

  /**
   * Chooses parameters of a graph of a bundle, which has to hold the bundle's weights and, where
   * the exporter left gradients, to find the same.
   *
   * @param file what the graph's file is called
   * @throws ModelsFault as the other, or as {@link GradientProbe#require}
   */
  public static Trainee of(
      Bundle bundle, String file, Graph exported, ParameterNames names, TrainableSet set) {
    Bundle.Half half = bundle.half(file, exported.inputs().keySet());
    Trainee trainee = of(exported, names, set, bundle.checkpoint(), bundle.weightsOf(half));
    bundle.gradients(half).ifPresent(arrays -> new GradientProbe(arrays).require(trainee.base));
    return trainee;
  }

  /**
   * All parameters of a half of a bundle, in its trainable form.
   *
   * @throws ModelsFault as {@link #of(Bundle, String, Graph, ParameterNames, TrainableSet)}
   */
  public static Trainee of(Bundle bundle, Bundle.Half half) {
    Path file = bundle.trainedFile(half);
    Graph graph = OnnxReader.read(file);
    Map<String, String> names = new LinkedHashMap<>(bundle.manifest().parameters());
    names.keySet().retainAll(graph.initializers().keySet());
    ParameterNames parameters = ParameterNames.of(names).unmerging(graph);
    return of(bundle, file.getFileName().toString(), graph, parameters, TrainableSet.parse(""));
  }

  /**
   * Trains adapters beside frozen weights.
   *
   * @param also parameters that are trained directly as well; a weight with an adapter is not
   * @param seed for the adapters' first values
   * @throws ModelsFault if no MatMul or Gemm has a weight of such a name
   */
  public Trainee withAdapters(Lora lora, Optional<TrainableSet> also, long seed) {
    LoraAdapters injected =
        LoraAdapters.inject(base, lora.pattern(), lora.rank(), lora.alpha(), seed);
    Set<String> names = new LinkedHashSet<>(injected.trainable());
    also.ifPresent(set -> names.addAll(set.resolve(base)));
    injected.adapters().forEach(adapter -> names.remove(adapter.weight()));
    return new Trainee(base, Optional.of(injected), List.copyOf(names));
  }

  /** The graph that is trained, before loss and gradients. */
  public Graph graph() {
    return adapters.map(LoraAdapters::graph).orElse(base);
  }

  /** Names of what is trained, adapters included, in order. */
  public List<String> trainable() {
    return trainable;
  }

  /**
   * Derives the training graph for data of a kind and opens a trainer.
   *
   * @param outputs names of the outputs that the loss looks at, in this order; empty for all
   * @throws ModelsFault if an operator has no gradient rule, the data do not fit, or as {@link
   *     Trainer}
   */
  public Trainer open(
      OrtRuntime runtime,
      Loss loss,
      List<String> outputs,
      List<DataSource> sources,
      TrainingSettings settings) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    graph()
        .inputs()
        .keySet()
        .forEach(name ->
            sources.getFirst().array(name).ifPresent(value -> shapes.put(name, value.dims())));
    Graph prepared = loss.prepare(withOutputs(graph(), outputs));
    TrainableGraph derived =
        TrainableGraph.derive(
            FixedRows.of(prepared, settings.microBatchRows(), shapes), loss, trainable);
    List<Mixture.Part> parts = new ArrayList<>();
    for (DataSource source : sources) {
      parts.add(source.part(derived.graph().inputs()));
    }
    return new Trainer(
        runtime,
        TrainingGraph.of(derived, loss + " of " + prepared.outputs().keySet()),
        new Mixture(parts, settings.seed(), true),
        settings.withGenerated(generated(loss, derived, sources, settings)));
  }

  /** What the loss draws at random, unless the data or the settings give it. */
  private static Map<String, GeneratedInput> generated(
      Loss loss, TrainableGraph derived, List<DataSource> sources, TrainingSettings settings) {
    Map<String, GeneratedInput> generated = new LinkedHashMap<>();
    if (loss instanceof Loss.FlowMatching(_, String time, _)) {
      generated.put("noise", new GeneratedInput.Normal());
      generated.put(time, new GeneratedInput.Uniform());
    }
    generated.keySet().removeIf(name -> sources.getFirst().array(name).isPresent());
    generated.keySet().retainAll(derived.graph().inputs().keySet());
    generated.putAll(settings.generated());
    return generated;
  }

  private static Graph withOutputs(Graph graph, List<String> outputs) {
    if (outputs.isEmpty()) {
      return graph;
    }
    Graph chosen = graph.copy();
    chosen.outputs().clear();
    for (String name : outputs) {
      TensorType type = graph.outputs().get(name);
      if (type == null) {
        throw new ModelsFault(
            "train %s: found outputs %s, wanted '%s'"
                .formatted(graph.source(), graph.outputs().keySet(), name));
      }
      chosen.outputs().put(name, type);
    }
    return chosen;
  }

  /**
   * Weights that training has changed, under their names in the checkpoint; adapters are merged.
   *
   * @param trained numbers of a trainer of this trainee
   */
  public Map<String, HostTensor> weights(ParameterVector trained) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (ParameterLayout.Slot slot : trained.layout().slots()) {
      long[] dims = slot.shape().stream().mapToLong(Long::longValue).toArray();
      values.put(slot.name(), HostTensor.ofFloats(dims, trained.read(slot.name())));
    }
    if (adapters.isEmpty()) {
      return values;
    }
    LoraAdapters injected = adapters.get();
    // An adapter that the loss does not depend on was not trained: it is as it was.
    Map<String, HostTensor> all = new LinkedHashMap<>(injected.graph().initializers());
    all.putAll(values);
    Map<String, HostTensor> weights = new LinkedHashMap<>(values);
    injected.trainable().forEach(weights::remove);
    weights.putAll(injected.merge(all));
    return weights;
  }

  /** The exported graph, without adapters, with other weights. */
  public Graph graph(Map<String, HostTensor> weights) {
    Graph graph = base.copy();
    graph.initializers().putAll(weights);
    return graph;
  }
}
