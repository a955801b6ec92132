package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.train.DataSource;
import dev.forearm.models.train.FixedRows;
import dev.forearm.models.train.Pace;
import dev.forearm.models.train.Trainee;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingRun;
import dev.forearm.models.train.TrainingSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code forearm train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = TrainCommand.HELP_WIDTH,
    description = {
      "Train an exported graph on examples or on recorded episodes. Gradients are derived here and",
      "run by the same ONNX Runtime that runs the policy; nothing else is needed.",
      "Equal options and data give equal weights, bit by bit on a CPU."
    },
    footer = {
      "",
      "  forearm record --task lift --episodes 50 --out episodes",
      "  forearm train --graph models/bundles/lift-sft/actor.train.onnx --loss huber --delta 0.1 \\",
      "      --data episodes --steps 2000 --optimizer adamw --average 0.998 --out lift-tuned",
      "  forearm train --graph policy.train.onnx --data old.npz:1 new.npz:3 --steps 500 \\",
      "      --lora 'blocks.*.weight' --checkpoints run --plot loss.png --out tuned.onnx",
      "",
      "docs/training.md tells losses, data, parameters and formats."
    })
public final class TrainCommand implements Callable<Integer> {
  static final int HELP_WIDTH = 118;
  private static final double MIB = 1048576.0;
  private static final int DEFAULT_ROWS = 32;

  @Mixin private TraineeOptions trainee;
  @Mixin private LossOptions loss;
  @Mixin private DataOptions data;

  @Option(names = "--steps", required = true, description = "Train up to this step.")
  private long steps;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = {
        "Rows that go through the graph at once, which sets the memory needed.",
        "Default: 32, or what the graph was exported for."
      })
  private @Nullable Integer rows;

  @Option(
      names = "--micro-batches",
      defaultValue = "1",
      description = "Batches whose gradients make one step. Default: ${DEFAULT-VALUE}.")
  private int microBatches;

  @Mixin private OptimizerOptions optimizer;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of everything random. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--provider",
      defaultValue = "cpu",
      description = "Where to compute: cpu or cuda. Default: ${DEFAULT-VALUE}.")
  private Provider provider;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads of one operator. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Mixin private PaceOptions paceOptions;

  @Option(
      names = "--no-spot-check",
      description = "Begin without comparing the gradient with finite differences.")
  private boolean unchecked;

  @Mixin private ResultOptions results;
  @Mixin private Output output;
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (steps < 1) {
      throw new LaunchFailure("--steps %s: wanted 1 or more".formatted(steps));
    }
    Pace pace = paceOptions.pace();
    Optional<Bundle> bundle = trainee.openBundle();
    try {
      results.require(bundle);
      train(bundle, pace);
    } finally {
      bundle.ifPresent(Bundle::close);
    }
    return 0;
  }

  private void train(Optional<Bundle> bundle, Pace pace) {
    Trainee chosen = trainee.trainee(bundle, seed);
    List<DataSource> sources =
        data.sources(trainee.file(), chosen.graph().inputs().keySet(), bundle);
    int batch = rows == null ? FixedRows.fixed(chosen.graph()).orElse(DEFAULT_ROWS) : rows;
    try (Trainer trainer =
        chosen.open(OrtRuntime.shared(), loss.loss(), loss.outputs(), sources, settings(batch))) {
      results.requireFits(chosen, trainer, bundle);
      TrainingRun run = new TrainingRun(trainer, results.store(), results.saveEvery(), pace);
      run.resume().ifPresent(from -> System.out.printf("Going on from %s.%n", from.folder()));
      System.out.printf(
          Locale.ROOT,
          "%s: %,d numbers in %s parameters are trained, session built in %.0f ms, %s%n",
          trainee.file(),
          trainer.layout().parameterCount(),
          trainer.layout().slots().size(),
          trainer.sessionBuildNanos() / 1e6,
          trainer.deviceBytes() > 0
              ? String.format(Locale.ROOT, "%.1f MiB on the device", trainer.deviceBytes() / MIB)
              : "on the CPU");
      if (trainer.stepsDone() >= steps && !results.wanted()) {
        throw new LaunchFailure(
            "--steps %s: the newest checkpoint is at step %s already; ask for more steps, or for a result with --out"
                .formatted(steps, trainer.stepsDone()));
      }
      LossPlot losses = new LossPlot(trainer.stepsDone() + 1);
      Map<String, Object> report = run(trainer, run, losses);
      results.write(chosen, trainer, bundle, command());
      report.forEach((key, value) -> System.out.printf("%20s  %s%n", key, value));
      output.write(report);
      results
          .plot()
          .ifPresent(png -> losses.write(png, trainee.file().getFileName() + ", " + loss.name()));
    }
  }

  private Map<String, Object> run(Trainer trainer, TrainingRun run, LossPlot losses) {
    long first = trainer.stepsDone();
    double cpuBefore = ProcessCost.cpuMillis();
    TrainingRun.Summary summary;
    try (ProgressBar bar = progressBar(Math.max(0, steps - first))) {
      summary =
          run.run(
              steps,
              step -> {
                losses.add(step.loss());
                bar.step();
                bar.setExtraMessage(String.format(Locale.ROOT, "loss %.5g", step.loss()));
              });
    }
    long taken = summary.steps();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("steps", taken);
    report.put("trainable_parameters", trainer.layout().parameterCount());
    report.put("session_build_ms", trainer.sessionBuildNanos() / 1e6);
    report.put("device_mib", trainer.deviceBytes() / MIB);
    report.put("peak_rss_mib", ProcessCost.peakResidentMib());
    if (taken > 0) {
      report.put("steps_per_second", summary.stepsPerSecond());
      report.put("step_ms", summary.workedNanos() / 1e6 / taken);
      report.put("cpu_ms_per_step", (ProcessCost.cpuMillis() - cpuBefore) / taken);
      report.put("loss_first", summary.lossFirst());
      report.put("loss_last", summary.lossLast());
    }
    return report;
  }

  private TrainingSettings settings(int batch) {
    return TrainingSettings.of(optimizer.optimizer(), 1, batch)
        .withLearningRate(optimizer.learningRate(steps))
        .withMicroBatches(batch, microBatches)
        .withClipNorm(optimizer.clip())
        .withAverageDecay(optimizer.average())
        .withSeed(seed)
        .withGenerated(data.generated())
        .withExecution(provider, threads)
        .withSpotCheck(!unchecked);
  }

  private String command() {
    return spec == null
        ? "forearm train"
        : "forearm " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
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
