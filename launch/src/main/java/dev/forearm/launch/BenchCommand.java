package dev.forearm.launch;

import dev.forearm.bench.BenchReport;
import dev.forearm.bench.Benchmark;
import dev.forearm.bench.Benchmarks;
import dev.forearm.bench.GpuBench;
import dev.forearm.bench.ros.RosBench;
import dev.forearm.launch.chunk.ChunkBench;
import dev.forearm.launch.foresight.ForesightBench;
import dev.forearm.launch.swap.SwapBench;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forearm bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure one part of the program and the peer it is compared with.",
      "Nothing else should run on the machine meanwhile."
    })
final class BenchCommand implements Callable<Integer> {
  private static final String ROBOT = "tabletop";
  private static final String[] GPU_BUNDLES = {"lift-sft", "tidy-sft", "lift-pixels"};
  private static final long GPU_MEMORY_BYTES = 4L << 30;
  private static final int GPU_SWAPS_MOST = 200;
  private static final double GPU_SWAP_SECONDS = 240; // of the eight minutes that it is to take

  @Mixin private Output output;

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private String name;

  @Option(
      names = "--episodes",
      defaultValue = "60",
      description = "Of a benchmark that plays some (default: ${DEFAULT-VALUE}).")
  private int episodes = 60;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of a benchmark that draws some (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--swaps",
      defaultValue = "1000",
      description = "Of 'swap' (default: ${DEFAULT-VALUE}).")
  private int swaps = 1000;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description =
          "Of control, ros and soak: how long each side runs; of record-soak: in all (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(
      names = "--kills",
      defaultValue = "100",
      description = "Of record-kill (default: ${DEFAULT-VALUE}).")
  private int kills = 100;

  @Option(
      names = "--bundle",
      paramLabel = "BUNDLE",
      defaultValue = "lift-sft,tidy-sft",
      split = ",",
      description =
          "Those that 'foresight' watches, with commas between (default: ${DEFAULT-VALUE}).")
  private List<String> bundles = List.of();

  @Option(
      names = "--device",
      defaultValue = "0",
      description = "Of 'gpu', by CUDA's count (default: ${DEFAULT-VALUE}).")
  private int device;

  @Override
  public Integer call() {
    Benchmark benchmark =
        all().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new LaunchFailure(
                    "benchmark '%s' does not exist; choose one of %s"
                        .formatted(name, all().stream().map(Benchmark::name).toList())));
    System.out.println(benchmark.name() + ": " + benchmark.purpose());
    BenchReport report = BenchReport.of(benchmark, House.home());
    System.out.printf("%s, commit %s, %s%n%n", report.machine(), report.commit(), report.date());
    report.values().forEach((key, value) -> System.out.printf("%16s  %s%n", text(value), key));
    output.write(report.toJson());
    return 0;
  }

  /** Large numbers to a tenth, small ones to three digits. */
  private static String text(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.1f" : "%.3g", value);
  }

  private List<Benchmark> all() {
    Robot robot = House.robot(ROBOT);
    List<Benchmark> all =
        new ArrayList<>(Benchmarks.all(robot, House.home(), seconds, seed, kills));
    all.add(new RosBench(seconds));
    all.add(new ForesightBench(robot, bundles, TaskOptions.episodes(episodes), seed));
    all.add(new SwapBench(robot, "lift-sft", swaps));
    all.add(new ChunkBench(robot, TaskOptions.episodes(episodes), seed));
    all.add(gpu(robot));
    return all;
  }

  private Benchmark gpu(Robot robot) {
    ProviderChoice.Cuda gpu = new ProviderChoice.Cuda(device, GPU_MEMORY_BYTES);
    int most = Math.min(swaps, GPU_SWAPS_MOST);
    return new GpuBench(
        robot,
        gpu,
        () -> Stream.of(GPU_BUNDLES).map(House::bundle).toList(),
        () -> SwapBench.computedBy(gpu, robot, GPU_BUNDLES[0], most, GPU_SWAP_SECONDS));
  }

  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return new BenchCommand().all().stream().map(Benchmark::name).iterator();
    }
  }
}
