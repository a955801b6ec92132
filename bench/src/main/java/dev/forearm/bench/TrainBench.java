package dev.forearm.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.forearm.models.grad.GraphRun;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.train.Examples;
import dev.forearm.models.train.Mixture;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingGraph;
import dev.forearm.models.train.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Training steps per CPU-second: forward, loss, backward and Adam, one thread, against PyTorch
 * eager on the same weights and batch. Both sides are measured in turn, several times, and the best
 * of each counts; the gradients of the first step are compared with PyTorch's in float64.
 */
final class TrainBench implements Benchmark {
  private static final int THREADS = 1;
  private static final int ROUNDS = 5;

  /** Steps of one round, about a second each. */
  private static final Map<String, Integer> STEPS =
      Map.of("mlp", 400, "transformer", 80, "resnet", 8);

  private static final List<String> MODELS = List.of("mlp", "transformer", "resnet");
  private static final String REFERENCE_GRADIENT = "grad.";

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
    try {
      Path folder = Files.createTempDirectory("forearm-bench");
      try (Stopped peer = new Stopped(TorchPeer.start(folder, THREADS))) {
        return peer.torch().map(torch -> measure(folder, torch)).orElse(Map.of());
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("benchmark train", e);
    }
  }

  /** Closes the peer where there is one. */
  private record Stopped(Optional<TorchPeer> torch) implements AutoCloseable {
    @Override
    public void close() {
      torch.ifPresent(TorchPeer::close);
    }
  }

  private static Map<String, Double> measure(Path folder, TorchPeer torch) {
    Map<String, Double> values = new LinkedHashMap<>();
    double worst = 0;
    for (String model : MODELS) {
      Map<String, HostTensor> arrays = Npz.read(folder.resolve(model + ".npz"));
      List<String> trainable =
          arrays.keySet().stream()
              .filter(key -> key.startsWith(REFERENCE_GRADIENT))
              .map(key -> key.substring(REFERENCE_GRADIENT.length()))
              .toList();
      Graph forward = OnnxReader.read(folder.resolve(model + ".onnx"));
      TrainableGraph derived =
          TrainableGraph.derive(forward, TrainBench::meanSquaredError, trainable);
      worst = Math.max(worst, gradientError(derived, arrays));
      measure(model, derived, arrays, torch, values);
    }
    values.put("gradient_max_rel_error", worst);
    return values;
  }

  private static void measure(
      String model,
      TrainableGraph derived,
      Map<String, HostTensor> arrays,
      TorchPeer torch,
      Map<String, Double> values) {
    Examples examples = Examples.of(model, arrays, derived.graph().inputs());
    TrainingSettings settings =
        TrainingSettings.of(Optimizer.Adam.standard(), 1e-4, Math.toIntExact(examples.rows()));
    int steps = STEPS.getOrDefault(model, 1);
    double ours = Double.POSITIVE_INFINITY;
    double theirs = Double.POSITIVE_INFINITY;
    try (Trainer trainer =
        new Trainer(
            OrtRuntime.shared(), TrainingGraph.of(derived), Mixture.of(examples, 1), settings)) {
      cpuMillisPerStep(trainer, steps);
      torch.cpuMillisPerStep(model, steps);
      for (int round = 0; round < ROUNDS; round++) {
        ours = Math.min(ours, cpuMillisPerStep(trainer, steps));
        theirs = Math.min(theirs, torch.cpuMillisPerStep(model, steps));
      }
      values.put(model + "_ratio_torch", theirs / ours);
      values.put(model + "_steps_per_cpu_second", 1000 / ours);
      values.put("peer_torch_" + model + "_steps_per_cpu_second", 1000 / theirs);
      values.put(model + "_trainable_parameters", (double) trainer.layout().parameterCount());
      values.put(model + "_session_build_ms", trainer.sessionBuildNanos() / 1e6);
    }
  }

  /** Mean of squared differences between the first output and the input {@code target}. */
  private static String meanSquaredError(GraphBuilder builder) {
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
    try (GraphRun run = new GraphRun(derived.graph())) {
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

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
