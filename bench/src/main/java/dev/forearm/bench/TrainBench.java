package dev.forearm.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.forearm.models.grad.HostRun;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.train.Mixture;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.RowStore;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingGraph;
import dev.forearm.models.train.TrainingSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Training steps per CPU-second: forward, loss, backward and Adam, one thread, against PyTorch
 * eager on the same weights and batch. Both sides are measured in turn, several times, and the best
 * of each counts; the gradients of the first step are compared with PyTorch's in float64. Where
 * Python has no PyTorch, models of the same sizes are made here and only our side is measured.
 */
final class TrainBench implements Benchmark {
  private static final int THREADS = 1;
  private static final int ROUNDS = 5;

  /** Steps of one round, about a second each. */
  private static final Map<String, Integer> STEPS =
      Map.of("mlp", 400, "transformer", 80, "resnet", 8);

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String purpose() {
    return "Adam steps per CPU-second of an MLP, a transformer block and ResNet-18's last block,"
        + " against PyTorch eager";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(
        name(),
        folder -> {
          Optional<TorchPeer> peer = TorchPeer.start(folder, THREADS);
          try {
            return measure(folder, peer);
          } finally {
            peer.ifPresent(TorchPeer::close);
          }
        });
  }

  private static Map<String, Double> measure(Path folder, Optional<TorchPeer> torch) {
    Map<String, Double> values = new LinkedHashMap<>();
    double worst = 0;
    for (String name : TrainedModel.NAMES) {
      TrainedModel model =
          torch.isPresent() ? TrainedModel.ofPeer(folder, name) : TrainedModel.own(name);
      TrainableGraph derived =
          TrainableGraph.derive(model.forward(), TrainBench::meanSquaredError, model.trainable());
      if (torch.isPresent()) {
        worst = Math.max(worst, gradientError(derived, model.arrays()));
      }
      measure(name, derived, model.arrays(), torch, values);
    }
    if (torch.isPresent()) {
      values.put("gradient_max_rel_error", worst);
    }
    return values;
  }

  private static void measure(
      String model,
      TrainableGraph derived,
      Map<String, HostTensor> arrays,
      Optional<TorchPeer> torch,
      Map<String, Double> values) {
    RowStore rows = RowStore.of(model, arrays, derived.graph().inputs());
    TrainingSettings settings =
        TrainingSettings.of(Optimizer.Adam.standard(), 1e-4, Math.toIntExact(rows.rows().count()));
    int steps = STEPS.getOrDefault(model, 1);
    double ours = Double.POSITIVE_INFINITY;
    double theirs = Double.POSITIVE_INFINITY;
    try (Trainer trainer =
        new Trainer(
            OrtRuntime.shared(), TrainingGraph.of(derived), Mixture.of(rows, 1), settings)) {
      for (int round = -1; round < ROUNDS; round++) { // the first warms both sides up
        double our = cpuMillisPerStep(trainer, steps);
        double their = torch.isPresent() ? torch.get().cpuMillisPerStep(model, steps) : Double.NaN;
        ours = round < 0 ? ours : Math.min(ours, our);
        theirs = round < 0 ? theirs : Math.min(theirs, their);
      }
      if (torch.isPresent()) {
        values.put(model + "_ratio_torch", theirs / ours);
        values.put("peer_torch_" + model + "_steps_per_cpu_second", 1000 / theirs);
      }
      values.put(model + "_steps_per_cpu_second", 1000 / ours);
      values.put(model + "_trainable_parameters", (double) trainer.layout().parameterCount());
      values.put(model + "_session_build_ms", trainer.sessionBuildNanos() / 1e6);
    }
  }

  /** Mean of squared differences between the first output and the input {@code target}. */
  static String meanSquaredError(GraphBuilder builder) {
    String output = builder.graph().outputs().keySet().iterator().next();
    String target = builder.input(TrainableGraph.TARGET, builder.types().type(output));
    return builder.average(builder.square(builder.sub(output, target)));
  }

  /** The largest difference in any gradient, relative to the largest element of that gradient. */
  private static double gradientError(TrainableGraph derived, Map<String, HostTensor> arrays) {
    Map<String, HostTensor> feeds = new LinkedHashMap<>(derived.parameters());
    feeds.put("x", arrays.get("in.x"));
    feeds.put(TrainableGraph.TARGET, arrays.get(TrainableGraph.TARGET));
    double worst = 0;
    try (HostRun run = new HostRun(derived.graph())) {
      for (Map.Entry<String, HostTensor> found : run.run(feeds).entrySet()) {
        HostTensor wanted = arrays.get(found.getKey());
        if (wanted != null) {
          worst = Math.max(worst, relativeError(found.getValue(), wanted));
        }
      }
    }
    return worst;
  }

  private static double relativeError(HostTensor found, HostTensor wanted) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < wanted.size(); i++) {
      difference = Math.max(difference, Math.abs(found.at(i) - wanted.at(i)));
      largest = Math.max(largest, Math.abs(wanted.at(i)));
    }
    return difference / largest;
  }

  private static double cpuMillisPerStep(Trainer trainer, int steps) {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = process.getProcessCpuTime();
    for (int i = 0; i < steps; i++) {
      trainer.step();
    }
    return (process.getProcessCpuTime() - start) / 1e6 / steps;
  }
}
