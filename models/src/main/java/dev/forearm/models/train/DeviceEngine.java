package dev.forearm.models.train;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.ort.Binding;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.OwnedResources;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps on a device. Weights, gradients and optimizer state stay there; only the batch goes in and
 * the loss comes out.
 *
 * <p>ONNX Runtime must not write what it reads, so weights and state exist twice. {@link
 * UpdateGraph} reads one half and writes the other, then they change roles; each direction has a
 * binding of its own, made once.
 */
final class DeviceEngine implements StepEngine {
  private final TrainingSettings settings;
  private final OrtRuntime runtime;
  private final Arena arena = Arena.ofConfined();
  private final OwnedResources owned = new OwnedResources();
  private final List<Tensor> tensors = new ArrayList<>();
  private final InferenceSession session;
  private final ParameterLayout layout;
  private final long sessionBuildNanos;
  private final Map<InputPlan, MemorySegment> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> data = new LinkedHashMap<>();
  private final Map<String, Tensor> scalars = new LinkedHashMap<>();
  private final List<Map<String, Tensor>> halves = new ArrayList<>();
  private final Map<String, Tensor> gradient;
  private final Map<String, Tensor> sum;
  private final Map<String, Tensor> nextSum;
  private final Tensor loss;
  private final Tensor norm;
  private final List<Binding> gradientRuns = new ArrayList<>();
  private final List<Binding> updateRuns = new ArrayList<>();
  private final List<Binding> sumRuns = new ArrayList<>();
  private final DeviceMirror mirror;
  private int half;

  DeviceEngine(OrtRuntime runtime, TrainingGraph graph, TrainingSettings settings) {
    this.settings = settings;
    this.runtime = runtime;
    try {
      owned.add(arena::close);
      SessionOptions options = new SessionOptions().threads(settings.threads());
      if (settings.provider() == Provider.CUDA) {
        options.cuda(0, 0);
      }
      long start = System.nanoTime();
      Map<String, Tensor> frozen = graph.frozen(runtime);
      frozen.values().forEach(tensor -> owned.add(tensor::close));
      session = opened(graph.open(runtime, frozen, options));
      layout = TrainingGraph.layout(session);
      InferenceSession update = open("optimizer", UpdateGraph.step(layout, settings), options);
      InferenceSession adding = open("sum", UpdateGraph.accumulate(layout, settings), options);
      sessionBuildNanos = System.nanoTime() - start;

      for (InputPlan plan : InputPlan.of(session, layout, settings)) {
        Tensor tensor = cpu(plan.type(), sizes(plan.shape()));
        data.put(plan.name(), tensor);
        inputs.put(plan, tensor.memory());
      }
      loss = cpu(ElementType.FLOAT32, sizes(session.output(TrainingGraph.LOSS).dimensions()));
      norm = cpu(ElementType.FLOAT32);
      boolean accumulates = settings.microBatches() > 1;
      gradient = onDevice(UpdateGraph.GRADIENT);
      sum = accumulates ? onDevice("sum.") : gradient;
      nextSum = accumulates ? onDevice("sum.") : gradient;
      halves.add(half());
      halves.add(half());
      for (int i = 0; i < 2; i++) {
        gradientRuns.add(gradientRun(halves.get(i)));
        updateRuns.add(updateRun(update, halves.get(i), halves.get(1 - i)));
      }
      if (accumulates) {
        sumRuns.add(sumRun(adding));
      }
      mirror = new DeviceMirror(runtime, layout, settings, arena);
      mirror.start(graph);
      mirror.upload(halves.get(half));
    } catch (RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  private Binding gradientRun(Map<String, Tensor> from) {
    Binding run = bind(session);
    data.forEach(run::input);
    run.output(TrainingGraph.LOSS, loss);
    for (ParameterLayout.Slot slot : layout.slots()) {
      run.input(slot.name(), tensor(from, UpdateGraph.WEIGHTS, slot));
      run.output(
          TrainingGraph.GRADIENT_PREFIX + slot.name(),
          tensor(gradient, UpdateGraph.GRADIENT, slot));
    }
    return run;
  }

  private Binding updateRun(
      InferenceSession update, Map<String, Tensor> from, Map<String, Tensor> to) {
    Binding run = bind(update);
    boolean accumulates = settings.microBatches() > 1;
    for (ParameterLayout.Slot slot : layout.slots()) {
      Tensor given = tensor(sum, accumulates ? "sum." : UpdateGraph.GRADIENT, slot);
      run.input(UpdateGraph.GRADIENT + slot.name(), given);
    }
    from.forEach(run::input);
    to.forEach((name, tensor) -> run.output(UpdateGraph.NEW + name, tensor));
    update.inputs().stream()
        .filter(input -> input.dimensions().isEmpty() && !from.containsKey(input.name()))
        .filter(input -> !input.name().startsWith(UpdateGraph.GRADIENT))
        .forEach(input ->
            run.input(
                input.name(),
                scalars.computeIfAbsent(input.name(), _ -> cpu(ElementType.FLOAT32))));
    return run.output(UpdateGraph.NORM, norm);
  }

  private Binding sumRun(InferenceSession adding) {
    Binding run = bind(adding);
    for (ParameterLayout.Slot slot : layout.slots()) {
      run.input("sum." + slot.name(), tensor(sum, "sum.", slot));
      run.input(UpdateGraph.GRADIENT + slot.name(), tensor(gradient, UpdateGraph.GRADIENT, slot));
      run.output(UpdateGraph.NEW + "sum." + slot.name(), tensor(nextSum, "sum.", slot));
    }
    return run;
  }

  @Override
  public Map<InputPlan, MemorySegment> inputs() {
    return inputs;
  }

  @Override
  public float gradients(boolean first) {
    run(gradientRuns.get(half), data);
    if (settings.microBatches() > 1) {
      if (first) {
        copy(gradient, UpdateGraph.GRADIENT, sum);
      } else {
        sumRuns.getFirst().run();
        copy(nextSum, "sum.", sum);
      }
    }
    return loss.getFloat(0);
  }

  private void copy(Map<String, Tensor> from, String prefix, Map<String, Tensor> to) {
    for (ParameterLayout.Slot slot : layout.slots()) {
      tensor(to, "sum.", slot).copyFrom(tensor(from, prefix, slot));
    }
  }

  @Override
  public double update(double rate, long step) {
    scalar(UpdateGraph.SCALE, 1.0 / settings.microBatches());
    switch (settings.optimizer()) {
      case Optimizer.Sgd sgd -> {
        scalar(UpdateGraph.RATE, rate);
        scalar(UpdateGraph.MOMENTUM, step == 1 ? 0 : sgd.momentum());
      }
      case Optimizer.Adam adam ->
          adam(AdamTerms.of(adam.beta1(), adam.beta2(), adam.epsilon(), rate, step), 1);
      case Optimizer.AdamW adam ->
          adam(
              AdamTerms.of(adam.beta1(), adam.beta2(), adam.epsilon(), rate, step),
              1 - rate * adam.weightDecay());
    }
    run(updateRuns.get(half), scalars);
    float length = norm.getFloat(0);
    if (!Float.isFinite(length)) {
      return length; // what was written lies in the half that nobody reads
    }
    half = 1 - half;
    mirror.outdated();
    return settings.clipNorm() > 0 ? length : 0;
  }

  private void adam(AdamTerms terms, double shrink) {
    scalar(UpdateGraph.STEP_SIZE, terms.stepSize());
    scalar(UpdateGraph.CORRECTION, terms.inverseRootCorrection());
    scalar(UpdateGraph.SHRINK, shrink);
  }

  private void scalar(String name, double value) {
    Tensor tensor = scalars.get(name);
    if (tensor != null) {
      tensor.setFloat(0, (float) value);
    }
  }

  /** Runs with inputs that lie in main memory, which a device copies when they are bound. */
  private void run(Binding binding, Map<String, Tensor> changed) {
    if (settings.provider() != Provider.CPU) {
      changed.forEach(binding::input);
    }
    binding.run();
  }

  @Override
  public ParameterLayout layout() {
    return layout;
  }

  @Override
  public ParameterVector weights() {
    return mirror.weights(halves.get(half));
  }

  @Override
  public ParameterVector gradient() {
    boolean accumulates = settings.microBatches() > 1;
    return mirror.gradient(sum, accumulates ? "sum." : UpdateGraph.GRADIENT);
  }

  @Override
  public List<ParameterVector> state() {
    return mirror.state(halves.get(half));
  }

  @Override
  public void reload() {
    mirror.upload(halves.get(half));
  }

  @Override
  public long sessionBuildNanos() {
    return sessionBuildNanos;
  }

  @Override
  public long deviceBytes() {
    return tensors.stream()
        .filter(tensor -> tensor.place() != Provider.CPU)
        .mapToLong(tensor -> tensor.elements() * tensor.type().bytes())
        .sum();
  }

  @Override
  public void close() {
    owned.close();
  }

  private Map<String, Tensor> half() {
    Map<String, Tensor> all = onDevice(UpdateGraph.WEIGHTS);
    for (int i = 0; i < settings.optimizer().stateCount(); i++) {
      all.putAll(onDevice(UpdateGraph.state(i)));
    }
    if (settings.averageDecay() > 0) {
      all.putAll(onDevice(UpdateGraph.AVERAGE));
    }
    return all;
  }

  private Map<String, Tensor> onDevice(String prefix) {
    Map<String, Tensor> made = new LinkedHashMap<>();
    for (ParameterLayout.Slot slot : layout.slots()) {
      made.put(
          prefix + slot.name(),
          owned(session.allocateOnDevice(ElementType.FLOAT32, sizes(slot.shape()))));
    }
    return made;
  }

  private Tensor cpu(ElementType type, long... shape) {
    return owned(runtime.allocate(type, shape));
  }

  private Tensor owned(Tensor tensor) {
    owned.add(tensor::close);
    tensors.add(tensor);
    return tensor;
  }

  private Binding bind(InferenceSession to) {
    Binding binding = to.bind();
    owned.add(binding::close);
    return binding;
  }

  private InferenceSession open(String name, Graph graph, SessionOptions options) {
    return opened(runtime.open(name, OnnxWriter.bytes(graph), options));
  }

  private InferenceSession opened(InferenceSession made) {
    owned.add(made::close);
    return made;
  }

  static Tensor tensor(Map<String, Tensor> among, String prefix, ParameterLayout.Slot slot) {
    Tensor tensor = among.get(prefix + slot.name());
    if (tensor == null) {
      throw new IllegalStateException("no tensor " + prefix + slot.name());
    }
    return tensor;
  }

  static long[] sizes(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
