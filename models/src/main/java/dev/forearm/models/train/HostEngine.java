package dev.forearm.models.train;

import dev.forearm.models.ort.Binding;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.OwnedResources;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps on the CPU. ONNX Runtime reads the weights where they lie and writes each gradient to its
 * place in the gradient vector; {@link HostUpdate} then changes the weights in place. Nothing is
 * copied between the two.
 */
final class HostEngine implements StepEngine {
  /** Added to the norm when clipping, as {@code torch.nn.utils.clip_grad_norm_} does. */
  static final double CLIP_EPSILON = 1e-6;

  private final TrainingSettings settings;
  private final Arena arena = Arena.ofConfined();
  private final OwnedResources owned = new OwnedResources();
  private final InferenceSession session;
  private final long sessionBuildNanos;
  private final Map<InputPlan, MemorySegment> inputs = new LinkedHashMap<>();
  private final Tensor loss;
  private final ParameterLayout layout;
  private final ParameterVector weights;
  private final ParameterVector gradient;
  private final ParameterVector part;
  private final List<ParameterVector> averages = new ArrayList<>();
  private final HostUpdate update;
  private final Binding startGradient;
  private final Binding addGradient;

  HostEngine(OrtRuntime runtime, TrainingGraph graph, TrainingSettings settings) {
    this.settings = settings;
    try {
      owned.add(arena::close);
      long start = System.nanoTime();
      Map<String, Tensor> frozen = graph.frozen(runtime);
      frozen.values().forEach(this::tensor);
      session = graph.open(runtime, frozen, new SessionOptions().threads(settings.threads()));
      owned.add(session::close);
      sessionBuildNanos = System.nanoTime() - start;
      layout = TrainingGraph.layout(session);
      weights = new ParameterVector(layout, arena);
      graph.initialise(weights);
      gradient = new ParameterVector(layout, arena);
      boolean accumulates = settings.microBatches() > 1;
      part = accumulates ? new ParameterVector(layout, arena) : gradient;
      update = new HostUpdate(settings.optimizer(), layout, arena);
      if (settings.averageDecay() > 0) {
        ParameterVector average = new ParameterVector(layout, arena);
        average.set(weights);
        averages.add(average);
      }
      loss =
          tensor(
              runtime.allocate(
                  ElementType.FLOAT32, sizes(session.output(TrainingGraph.LOSS).dimensions())));
      Map<String, Tensor> data = dataTensors(runtime);
      startGradient = bind(runtime, data, gradient);
      addGradient = accumulates ? bind(runtime, data, part) : startGradient;
    } catch (RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  private Map<String, Tensor> dataTensors(OrtRuntime runtime) {
    Map<String, Tensor> data = new LinkedHashMap<>();
    for (InputPlan plan : InputPlan.of(session, layout, settings)) {
      Tensor tensor = tensor(runtime.allocate(plan.type(), sizes(plan.shape())));
      data.put(plan.name(), tensor);
      inputs.put(plan, tensor.memory());
    }
    return data;
  }

  private Binding bind(OrtRuntime runtime, Map<String, Tensor> data, ParameterVector target) {
    Binding binding = session.bind();
    owned.add(binding::close);
    data.forEach(binding::input);
    binding.output(TrainingGraph.LOSS, loss);
    for (ParameterLayout.Slot slot : layout.slots()) {
      binding.input(slot.name(), slice(runtime, weights, slot));
      binding.output(TrainingGraph.GRADIENT_PREFIX + slot.name(), slice(runtime, target, slot));
    }
    return binding;
  }

  private Tensor slice(OrtRuntime runtime, ParameterVector vector, ParameterLayout.Slot slot) {
    return tensor(runtime.wrap(vector.slice(slot), ElementType.FLOAT32, sizes(slot.shape())));
  }

  private Tensor tensor(Tensor tensor) {
    owned.add(tensor::close);
    return tensor;
  }

  @Override
  public Map<InputPlan, MemorySegment> inputs() {
    return inputs;
  }

  @Override
  public float gradients(boolean first) {
    if (first) {
      startGradient.run();
    } else {
      addGradient.run();
      update.accumulate(gradient, part);
    }
    return loss.getFloat(0);
  }

  @Override
  public double update(double rate, long step) {
    double scale = 1.0 / settings.microBatches();
    double norm = 0;
    if (settings.clipNorm() > 0) {
      norm = update.norm(gradient) * scale;
      scale *= Math.min(1, settings.clipNorm() / (norm + CLIP_EPSILON));
    } else if (!update.finite(gradient)) {
      norm = Double.NaN;
    }
    if (!Double.isFinite(norm)) {
      return norm;
    }
    update.apply(weights, gradient, (float) scale, rate, step);
    for (ParameterVector average : averages) {
      update.average(average, weights, settings.averageDecay());
    }
    return norm;
  }

  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public ParameterVector weights() {
    return weights;
  }

  @Override
  public ParameterVector gradient() {
    return gradient;
  }

  @Override
  public List<ParameterVector> state() {
    List<ParameterVector> all = new ArrayList<>(update.state());
    all.addAll(averages);
    return all;
  }

  @Override
  public void reload() {
    // The vectors are the ones in use.
  }

  @Override
  public long sessionBuildNanos() {
    return sessionBuildNanos;
  }

  @Override
  public long deviceBytes() {
    return 0;
  }

  @Override
  public void close() {
    owned.close();
  }

  private static long[] sizes(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
