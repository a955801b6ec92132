package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.train.Checkpoint;
import dev.forearm.models.train.CheckpointStore;
import dev.forearm.models.train.Examples;
import dev.forearm.models.train.FixedRows;
import dev.forearm.models.train.GeneratedInput;
import dev.forearm.models.train.Mixture;
import dev.forearm.models.train.Pace;
import dev.forearm.models.train.StepReport;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingGraph;
import dev.forearm.models.train.TrainingSettings;
import dev.forearm.runtime.ffi.LinuxScheduling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train an exported graph on examples.",
      "Gradients are derived here and run by the same ONNX Runtime that runs the policy."
    })
public final class TrainCommand implements Callable<Integer> {
  private static final int CHECKPOINTS_KEPT = 3;

  @Option(names = "--graph", required = true, description = "The trainable form of a graph.")
  private Path graph;

  @Mixin private LossOptions loss;

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "X.npz[:WEIGHT]",
      description = {
        "Examples: arrays under the names of the graph's inputs (in.NAME works too) and 'target'.",
        "Several files are mixed by weight."
      })
  private List<String> data;

  @Option(names = "--steps", required = true, description = "Train up to this step.")
  private long steps;

  @Option(
      names = "--trainable",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Names of the weights to train; * matches anything. Default: all.")
  private String trainable;

  @Option(names = "--batch", defaultValue = "32", description = "Rows a micro-batch. Default: 32.")
  private int rows;

  @Option(
      names = "--micro-batches",
      defaultValue = "1",
      description = "Micro-batches a step: more rows in the same memory.")
  private int microBatches;

  @Mixin private OptimizerOptions optimizer;

  @Option(names = "--clip", defaultValue = "0", description = "Clip gradients to this norm.")
  private double clip;

  @Option(names = "--average", defaultValue = "0", description = "Decay of averaged weights.")
  private double average;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything random.")
  private long seed;

  @Option(
      names = "--input",
      paramLabel = "NAME=normal|uniform|NUMBER",
      description = "An input that is generated, not read.")
  private Map<String, String> generated = new LinkedHashMap<>();

  @Option(
      names = "--provider",
      defaultValue = "cpu",
      description = "Where to compute: ${COMPLETION-CANDIDATES}.")
  private Provider provider;

  @Option(names = "--threads", defaultValue = "1", description = "Threads of one operator.")
  private int threads;

  @Option(names = "--cores", split = ",", description = "Processors to stay on, such as 2,3.")
  private int @Nullable [] cores;

  @Option(names = "--share", defaultValue = "1", description = "Most of the time to work, 0 to 1.")
  private double share;

  @Option(
      names = "--checkpoints",
      paramLabel = "FOLDER",
      description = "Save there, and go on from the newest checkpoint there.")
  private @Nullable Path checkpoints;

  @Option(
      names = "--save-every",
      paramLabel = "STEPS",
      defaultValue = "500",
      description = "Steps between checkpoints. Default: 500.")
  private long saveEvery;

  @Option(names = "--plot", paramLabel = "PNG", description = "Draw the loss by step.")
  private @Nullable Path plot;

  @Option(names = "--no-spot-check", description = "Trust the gradient without a look.")
  private boolean unchecked;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (steps < 1) {
      throw new LaunchFailure("--steps %d: wanted 1 or more".formatted(steps));
    }
    Pace pace = new Pace(share);
    if (cores != null && !(LinuxScheduling.available() && LinuxScheduling.stayOn(cores))) {
      throw new LaunchFailure("--cores: this process may not choose its processors; leave it out");
    }
    Graph forward = FixedRows.of(OnnxReader.read(graph), rows);
    TrainableGraph derived =
        TrainableGraph.derive(forward, loss.loss(), TrainableSet.parse(trainable).resolve(forward));
    try (Trainer trainer =
        new Trainer(OrtRuntime.shared(), TrainingGraph.of(derived), mixture(derived), settings())) {
      Optional<CheckpointStore> store =
          Optional.ofNullable(checkpoints).map(f -> new CheckpointStore(f, CHECKPOINTS_KEPT));
      store.flatMap(CheckpointStore::latest).ifPresent(found -> resume(trainer, found));
      System.out.printf(
          "%s: %,d of its weights are trained, session built in %.0f ms%s%n",
          graph,
          trainer.layout().parameterCount(),
          trainer.sessionBuildNanos() / 1e6,
          trainer.deviceBytes() > 0
              ? ", %.1f MiB on the device".formatted(trainer.deviceBytes() / 1048576.0)
              : "");
      if (trainer.stepsDone() >= steps) {
        throw new LaunchFailure(
            "--steps %d: the newest checkpoint is at step %d already; ask for more steps"
                .formatted(steps, trainer.stepsDone()));
      }
      output.write(train(trainer, store, pace));
    }
    return 0;
  }

  private static void resume(Trainer trainer, Checkpoint checkpoint) {
    CheckpointStore.resume(trainer, checkpoint);
    System.out.printf("Going on from %s.%n", checkpoint.folder());
  }

  private Map<String, Object> train(Trainer trainer, Optional<CheckpointStore> store, Pace pace) {
    LossPlot losses = new LossPlot();
    long first = trainer.stepsDone();
    double lossFirst = Double.NaN;
    double lossLast = Double.NaN;
    long workedNanos = 0;
    double cpuBefore = ProcessCost.cpuMillis();
    try (ProgressBar bar = progressBar(steps - first)) {
      while (trainer.stepsDone() < steps) {
        StepReport report = trainer.step();
        workedNanos += report.nanos();
        lossLast = report.loss();
        lossFirst = report.step() == first + 1 ? lossLast : lossFirst;
        losses.add(lossLast);
        bar.step();
        bar.setExtraMessage("loss %.5g".formatted(lossLast));
        if (store.isPresent() && (report.step() % saveEvery == 0 || report.step() == steps)) {
          store.get().save(trainer);
        }
        pace.rest(report.nanos());
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    long taken = steps - first;
    result.put("steps", taken);
    result.put("steps_per_second", taken * 1e9 / workedNanos);
    result.put("cpu_ms_per_step", (ProcessCost.cpuMillis() - cpuBefore) / taken);
    result.put("loss_first", lossFirst);
    result.put("loss_last", lossLast);
    result.put("peak_rss_mib", ProcessCost.peakResidentMib());
    result.put("trainable_parameters", trainer.layout().parameterCount());
    result.put("session_build_ms", trainer.sessionBuildNanos() / 1e6);
    result.put("device_mib", trainer.deviceBytes() / 1048576.0);
    result.forEach((key, value) -> System.out.printf("%20s  %s%n", key, value));
    if (plot != null) {
      losses.write(plot, graph.getFileName() + ", " + loss.name(), first + 1);
    }
    return result;
  }

  private Mixture mixture(TrainableGraph derived) {
    List<Mixture.Part> parts = new ArrayList<>();
    for (String source : data) {
      int colon = source.lastIndexOf(':');
      String file = colon < 0 ? source : source.substring(0, colon);
      double weight = colon < 0 ? 1 : number("--data " + source, source.substring(colon + 1));
      Examples examples = Examples.of(file, Npz.read(Path.of(file)), derived.graph().inputs());
      parts.add(new Mixture.Part(examples, weight));
    }
    return new Mixture(parts, seed, true);
  }

  private TrainingSettings settings() {
    Map<String, GeneratedInput> inputs = new LinkedHashMap<>();
    generated.forEach((name, kind) -> inputs.put(name, generatedInput(name, kind)));
    return TrainingSettings.of(optimizer.optimizer(), 1, rows)
        .withLearningRate(optimizer.learningRate(steps))
        .withMicroBatches(rows, microBatches)
        .withClipNorm(clip)
        .withAverageDecay(average)
        .withSeed(seed)
        .withGenerated(inputs)
        .withExecution(provider, threads)
        .withSpotCheck(!unchecked);
  }

  private static GeneratedInput generatedInput(String name, String kind) {
    return switch (kind) {
      case "normal" -> new GeneratedInput.Normal();
      case "uniform" -> new GeneratedInput.Uniform();
      default -> new GeneratedInput.Constant((float) number("--input " + name, kind));
    };
  }

  private static double number(String option, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new LaunchFailure("%s: '%s' is no number".formatted(option, text), e);
    }
  }

  private static ProgressBar progressBar(long steps) {
    return new ProgressBarBuilder()
        .setTaskName("train")
        .setInitialMax(steps)
        .setStyle(Output.isTerminal() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(Output.isTerminal() ? 100 : 5000)
        .continuousUpdate()
        .build();
  }
}
