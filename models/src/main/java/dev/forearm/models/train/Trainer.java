package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.grad.GradientCheck;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.OrtRuntime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Trains the parameters of one graph, step by step. Owns everything native that it uses; closed by
 * its opener. One thread.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingGraph graph;
  private final TrainingSettings settings;
  private final Mixture examples;
  private final StepEngine engine;
  private final Map<String, MemorySegment> drawnInputs = new LinkedHashMap<>();
  private final Map<String, MemorySegment> generatedInputs = new LinkedHashMap<>();
  private long step;

  /**
   * Opens the graph and takes the first weights from it.
   *
   * @throws ModelsFault if the graph is no training graph, the examples do not fit its inputs, or
   *     the provider is not there, or the gradient fails the spot check
   */
  public Trainer(
      OrtRuntime runtime, TrainingGraph graph, Mixture examples, TrainingSettings settings) {
    this(engine(runtime, graph, settings), graph, examples, settings);
  }

  Trainer(StepEngine engine, TrainingGraph graph, Mixture examples, TrainingSettings settings) {
    this.graph = graph;
    this.settings = settings;
    this.examples = examples;
    this.engine = engine;
    try {
      planInputs();
      if (settings.spotCheck()) {
        spotCheck();
      }
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  private static StepEngine engine(
      OrtRuntime runtime, TrainingGraph graph, TrainingSettings settings) {
    return switch (settings.provider()) {
      case CPU -> new HostEngine(runtime, graph, settings);
      case CUDA -> new DeviceEngine(runtime, graph, settings);
    };
  }

  private void planInputs() {
    for (Map.Entry<InputPlan, MemorySegment> input : engine.inputs().entrySet()) {
      InputPlan plan = input.getKey();
      if (settings.generated().containsKey(plan.name())) {
        generatedInputs.put(plan.name(), input.getValue());
      } else {
        examples.parts().forEach(part -> plan.require(part.store()));
        drawnInputs.put(plan.name(), input.getValue());
      }
    }
  }

  /**
   * Draws a batch and moves the weights once.
   *
   * @throws ModelsFault if the loss or its gradient is not finite; the weights stay as they were
   */
  public StepReport step() {
    long start = System.nanoTime();
    double loss = gradients();
    requireFinite(loss);
    double rate = settings.learningRate().at(step);
    double norm = engine.update(rate, step + 1);
    if (!Double.isFinite(norm)) {
      throw notFinite(loss);
    }
    step++;
    OptionalDouble clipped =
        settings.clipNorm() > 0 ? OptionalDouble.of(norm) : OptionalDouble.empty();
    return new StepReport(step, loss, clipped, rate, System.nanoTime() - start);
  }

  private void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw new ModelsFault(
          "training %s: loss is %s at step %s; lower the learning rate, clip the gradient or look at the rows"
              .formatted(graph.name(), loss, step + 1));
    }
  }

  private ModelsFault notFinite(double loss) {
    ParameterVector gradient = engine.gradient();
    String found =
        gradient
            .firstNotFinite()
            .map(name -> "the gradient of '" + name + "' is not finite")
            .orElse("the gradient is too long for float32");
    return new ModelsFault(
        "training %s: %s at step %s, though the loss is %s; the weights stay as they were: look at what the loss divides by or takes the root or logarithm of"
            .formatted(graph.name(), found, step + 1, loss));
  }

  /**
   * Refuses weights or state that an update has driven out of the range of float32.
   *
   * @throws ModelsFault naming the first such parameter
   */
  void requireFiniteState() {
    List<ParameterVector> all = new ArrayList<>(engine.state());
    all.addFirst(engine.weights());
    for (ParameterVector vector : all) {
      vector
          .firstNotFinite()
          .ifPresent(name -> {
            throw new ModelsFault(
                "training %s: '%s' is not finite after step %s; lower the learning rate or clip the gradient, and go on from an earlier checkpoint"
                    .formatted(graph.name(), name, step));
          });
    }
  }

  private double gradients() {
    double sum = 0;
    for (int i = 0; i < settings.microBatches(); i++) {
      drawInputs(i);
      sum += engine.gradients(i == 0);
    }
    return sum / settings.microBatches();
  }

  private void drawInputs(int microBatch) {
    examples.draw(drawnInputs, settings.microBatchRows());
    if (!generatedInputs.isEmpty()) {
      long key = SplitMix.bits(settings.seed(), step * settings.microBatches() + microBatch);
      for (Map.Entry<String, MemorySegment> input : generatedInputs.entrySet()) {
        GeneratedInput kind = settings.generated().get(input.getKey());
        if (kind != null) {
          kind.fill(input.getValue(), SplitMix.bits(key, input.getKey().hashCode()));
        }
      }
    }
  }

  /**
   * Compares the gradient of the next micro-batch with finite differences; see {@link SpotCheck}.
   * Where they disagree, so may a gradient that takes decisions for constant and a loss that jumps
   * as one falls: then {@link GradientCheck} decides, parameter by parameter and with decisions
   * held, at a higher price. Leaves weights and examples as they were.
   *
   * @throws ModelsFault if both find the gradient wrong, or it or the loss is not finite
   */
  public SpotCheck spotCheck() {
    SpotCheck found = measureSlope();
    if (!found.good() && !agreesWithDecisionsHeld()) {
      throw found.fault(graph.name());
    }
    return found;
  }

  /** On the micro-batch that is in the inputs now. */
  private boolean agreesWithDecisionsHeld() {
    Map<String, HostTensor> point = new LinkedHashMap<>();
    engine
        .inputs()
        .forEach(
            (plan, memory) -> point.put(plan.name(), tensor(plan.type(), plan.shape(), memory)));
    for (ParameterLayout.Slot slot : layout().slots()) {
      MemorySegment values = weights().slice(slot);
      point.put(slot.name(), tensor(ElementType.FLOAT32, slot.shape(), values));
    }
    return GradientCheck.run(graph.parsed(), point, 1, settings.seed()).good();
  }

  private static HostTensor tensor(ElementType type, List<Long> shape, MemorySegment values) {
    long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
    return HostTensor.of(type, dims, ByteBuffer.wrap(values.toArray(ValueLayout.JAVA_BYTE)));
  }

  /** As {@link #spotCheck}, but only says what it found. */
  public SpotCheck measureSlope() {
    List<Mixture.Position> position = examples.position();
    drawInputs(0);
    examples.resume(position);
    float loss = engine.gradients(true);
    requireFinite(loss);
    if (engine.gradient().firstNotFinite().isPresent()) {
      throw notFinite(loss);
    }
    return SpotCheck.run(engine, loss, settings.seed());
  }

  /** Steps done so far. */
  public long stepsDone() {
    return step;
  }

  public TrainingSettings settings() {
    return settings;
  }

  /** The stores that rows are drawn from, in the sources' order; any one thread may append. */
  public List<RowStore> sources() {
    return examples.parts().stream().map(Mixture.Part::store).toList();
  }

  /** The names and places of the trainable parameters. */
  public ParameterLayout layout() {
    return engine.layout();
  }

  /** The weights as of now; valid until the next step. Changing them changes the training. */
  public ParameterVector weights() {
    return engine.weights();
  }

  /** The exponential moving average of the weights, if the settings keep one. */
  public Optional<ParameterVector> average() {
    return settings.averageDecay() > 0 ? Optional.of(engine.state().getLast()) : Optional.empty();
  }

  /** Time it took ONNX Runtime to build the session. */
  public long sessionBuildNanos() {
    return engine.sessionBuildNanos();
  }

  /** Bytes of parameters, gradients and state on a device; 0 on the CPU. */
  public long deviceBytes() {
    return engine.deviceBytes();
  }

  @Override
  public void close() {
    engine.close();
  }

  Mixture examples() {
    return examples;
  }

  /** The optimizer's vectors, without the average. */
  List<ParameterVector> optimizerState() {
    return engine.state().subList(0, settings.optimizer().stateCount());
  }

  TrainingGraph graph() {
    return graph;
  }

  /** Goes on at a step, after weights and state were written. */
  void resumeAt(long stepsDone) {
    step = stepsDone;
    engine.reload();
  }
}
