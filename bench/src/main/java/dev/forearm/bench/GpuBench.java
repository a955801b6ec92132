package dev.forearm.bench;

import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.train.Mixture;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.RowStore;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingGraph;
import dev.forearm.models.train.TrainingSettings;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Whether a GPU computes what the CPU does, and how fast: plans of bundles and of a policy of 100 M
 * parameters, steps of training, swaps while an arm runs. Under eight minutes.
 */
public final class GpuBench implements Benchmark {
  private static final int OBSERVATIONS = 64;
  private static final int PLANS = 1_000;
  private static final int WARM_UP_PLANS = 50;
  private static final double LARGE_CPU_SECONDS = 20;
  private static final int STEPS = 20;
  private static final double TOLERANCE = 1e-3;

  private final Robot robot;
  private final ProviderChoice.Cuda gpu;
  private final Supplier<List<Path>> bundles;
  private final Supplier<Map<String, Double>> swaps;

  /**
   * @param bundles of the robot, looked for when it is run; the first of which lends the large
   *     policy all but its size
   * @param swaps measures those on the GPU
   */
  public GpuBench(
      Robot robot,
      ProviderChoice.Cuda gpu,
      Supplier<List<Path>> bundles,
      Supplier<Map<String, Double>> swaps) {
    this.robot = robot;
    this.gpu = gpu;
    this.bundles = bundles;
    this.swaps = swaps;
  }

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public String purpose() {
    return "CUDA against the CPU: equal plans, their latency up to 100 M parameters, steps of"
        + " training, swaps";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    double worst = 0;
    for (Path bundle : bundles.get()) {
      worst = Math.max(worst, compare(bundle.getFileName() + "_", bundle, PLANS, values));
    }
    Path large = folder.resolve("large");
    values.put(
        "large_parameters",
        (double) LargeBundle.write(bundles.get().getFirst(), large, LargeBundle.LAYERS_100M));
    worst = Math.max(worst, compare("large_", large, PLANS, values));
    values.put("parity_worst", worst);
    values.put("parity_holds", worst <= TOLERANCE ? 1.0 : 0.0);
    train(values);
    swaps.get().forEach((name, value) -> values.put("swap_" + name, value));
    return values;
  }

  /**
   * @return the greatest difference of any imagined value or action, in what it varies by
   */
  private double compare(String prefix, Path bundle, int plans, Map<String, Double> values) {
    try (BundlePolicy here = load(bundle, new ProviderChoice.Cpu());
        BundlePolicy there = load(bundle, gpu)) {
      SplittableRandom random = new SplittableRandom(23);
      Plan wanted = new Plan(here.spec());
      Plan found = new Plan(there.spec());
      Scaling actions = here.bundle().statistics().action();
      Scaling imagined = here.bundle().statistics().imagined();
      double worst = 0;
      for (int i = 0; i < OBSERVATIONS; i++) {
        Observation seen = observation(here, random);
        here.plan(seen, wanted);
        there.plan(seen, found);
        for (int j = 0; j < wanted.actions().length; j++) {
          double difference = Math.abs(wanted.actions()[j] - found.actions()[j]);
          worst = Math.max(worst, difference / actions.std()[j]);
        }
        for (int j = 0; j < wanted.imagined().length; j++) {
          double difference = Math.abs(wanted.imagined()[j] - found.imagined()[j]);
          worst = Math.max(worst, difference / imagined.std()[j]);
        }
      }
      values.put(prefix + "parity", worst);
      time(prefix + "cpu_", here, plans, values);
      time(prefix + "cuda_", there, plans, values);
      values.put(
          prefix + "cuda_graphs",
          (double) there.placements().stream().filter(p -> p.where().contains("graph")).count());
      return worst;
    }
  }

  private BundlePolicy load(Path bundle, ProviderChoice choice) {
    return BundlePolicy.load(bundle, robot, RobotHashes.none(), Trust.anyone(), choice);
  }

  private static Observation observation(BundlePolicy policy, SplittableRandom random) {
    Observation seen = new Observation(policy.spec());
    Scaling usual = policy.bundle().statistics().observation();
    for (int i = 0; i < seen.values().length; i++) {
      seen.values()[i] = (float) (usual.mean()[i] + usual.std()[i] * random.nextGaussian());
    }
    for (ImageTensor image : seen.images()) {
      for (long j = 0; j < image.values().byteSize() / Float.BYTES; j++) {
        image.values().setAtIndex(ValueLayout.JAVA_FLOAT, j, random.nextFloat());
      }
    }
    return seen;
  }

  /** Of whole plans, from an observation in main memory to actions there. */
  private static void time(
      String prefix, BundlePolicy policy, int plans, Map<String, Double> values) {
    Observation seen = observation(policy, new SplittableRandom(29));
    Plan plan = new Plan(policy.spec());
    NanosHistogram times = new NanosHistogram();
    long end = System.nanoTime() + Math.round(LARGE_CPU_SECONDS * 1e9);
    for (int i = -WARM_UP_PLANS; i < plans && (i < 1 || System.nanoTime() < end); i++) {
      long began = System.nanoTime();
      policy.plan(seen, plan);
      if (i >= 0) {
        times.record(System.nanoTime() - began);
      }
    }
    values.put(prefix + "plan_p50_us", times.percentile(50) / 1e3);
    values.put(prefix + "plan_p99_us", times.percentile(99) / 1e3);
  }

  private static void train(Map<String, Double> values) {
    TrainedModel model = TrainedModel.own("transformer");
    TrainableGraph derived =
        TrainableGraph.derive(model.forward(), TrainBench::meanSquaredError, model.trainable());
    double[] onCpu = losses("train_cpu_", Provider.CPU, model, derived, values);
    double[] onCuda = losses("train_cuda_", Provider.CUDA, model, derived, values);
    double worst = 0;
    for (int i = 0; i < STEPS; i++) {
      worst = Math.max(worst, Math.abs(onCpu[i] - onCuda[i]) / onCpu[i]);
    }
    values.put("train_loss_difference", worst);
  }

  private static double[] losses(
      String prefix,
      Provider provider,
      TrainedModel model,
      TrainableGraph derived,
      Map<String, Double> values) {
    RowStore rows = RowStore.of("transformer", model.arrays(), derived.graph().inputs());
    int count = Math.toIntExact(rows.rows().count());
    TrainingSettings settings =
        TrainingSettings.of(Optimizer.Adam.standard(), 1e-4, count).withExecution(provider, 1);
    double[] losses = new double[STEPS];
    try (Trainer trainer =
        new Trainer(
            OrtRuntime.shared(), TrainingGraph.of(derived), Mixture.of(rows, 1), settings)) {
      long began = 0;
      for (int i = 0; i < STEPS; i++) {
        began = i == 1 ? System.nanoTime() : began; // the first plans its memory
        losses[i] = trainer.step().loss();
      }
      values.put(prefix + "ms_per_step", (System.nanoTime() - began) * 1e-6 / (STEPS - 1));
    }
    return losses;
  }
}
