package dev.forearm.models.policy;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.ort.SessionOptions;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * Opens a graph where it is to compute. Where that is open, both candidates compute the warm-up
 * input by turns, each from main memory to main memory, and the faster by the median stays; small
 * graphs are often slower on a GPU. A GPU whose results differ from the CPU's loses.
 */
final class ProviderRace {
  private static final int WARM_UP_RUNS = 5; // a CUDA graph is recorded in the first
  private static final int RUNS = 31;
  private static final long PATIENCE_NANOS = 300_000_000; // for large graphs, past the first runs
  private static final int RUNS_MIN = 3;

  /** Of the largest value, or of 1. */
  private static final double TOLERANCE = 1e-3;

  private final Function<SessionOptions, GraphRun> opener;

  /**
   * @param opener opens and binds the graph
   */
  ProviderRace(Function<SessionOptions, GraphRun> opener) {
    this.opener = opener;
  }

  /**
   * Opens the graph.
   *
   * @throws ModelsFault if it cannot be computed where it must be
   */
  GraphRun open(ProviderChoice choice) {
    return switch (choice) {
      case ProviderChoice.Cpu _ -> cpu();
      case ProviderChoice.Cuda cuda -> open(cuda);
      case ProviderChoice.Auto auto -> race(auto.gpu());
    };
  }

  private GraphRun cpu() {
    return opener.apply(new SessionOptions()).at("cpu");
  }

  /** By a CUDA graph where that can be, which its first run shows; else kernel by kernel. */
  private GraphRun open(ProviderChoice.Cuda cuda) {
    SessionOptions options = new SessionOptions().cuda(cuda.device(), cuda.memoryBytes());
    String reason;
    try {
      GraphRun recorded = opener.apply(options.copy().cudaGraph(true));
      try {
        recorded.warmUp();
        return recorded.at(cuda + " by a CUDA graph");
      } catch (ModelsFault fault) {
        recorded.close();
        reason = String.valueOf(fault.getMessage());
      }
    } catch (ModelsFault fault) {
      reason = String.valueOf(fault.getMessage());
    }
    GraphRun plain = opener.apply(options); // fails with the same words if CUDA itself is at fault
    try {
      plain.warmUp();
      return plain.at(cuda.toString()).because("no CUDA graph: " + reason);
    } catch (ModelsFault fault) {
      plain.close();
      throw fault;
    }
  }

  private GraphRun race(ProviderChoice.Cuda gpu) {
    GraphRun cpu = cpu();
    GraphRun cuda;
    try {
      cuda = open(gpu);
    } catch (ModelsFault fault) {
      return cpu.because(String.valueOf(fault.getMessage()));
    }
    try {
      double[] onCpu = new double[RUNS];
      double[] onCuda = new double[RUNS];
      for (int i = 0; i < WARM_UP_RUNS; i++) {
        cpu.warmUp();
        cuda.warmUp();
      }
      if (!cuda.agrees(cpu, TOLERANCE)) {
        cuda.close();
        return cpu.because("%s computes something else".formatted(gpu));
      }
      int runs = 0;
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (runs < RUNS && (runs < RUNS_MIN || System.nanoTime() < end)) {
        onCpu[runs] = millis(cpu);
        onCuda[runs++] = millis(cuda);
      }
      double cpuMillis = median(onCpu, runs);
      double cudaMillis = median(onCuda, runs);
      boolean gpuWins = cudaMillis < cpuMillis;
      String times =
          String.format(
              Locale.ROOT, "%.3f ms on the cpu, %.3f ms on %s", cpuMillis, cudaMillis, gpu);
      (gpuWins ? cpu : cuda).close();
      return (gpuWins ? cuda : cpu).because(times);
    } catch (ModelsFault fault) {
      cuda.close();
      return cpu.because(String.valueOf(fault.getMessage()));
    }
  }

  private static double millis(GraphRun run) {
    long began = System.nanoTime();
    run.warmUp();
    return (System.nanoTime() - began) * 1e-6;
  }

  private static double median(double[] values, int count) {
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
