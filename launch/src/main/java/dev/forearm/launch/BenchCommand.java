package dev.forearm.launch;

import dev.forearm.bench.BenchReport;
import dev.forearm.bench.Benchmark;
import dev.forearm.bench.Benchmarks;
import dev.forearm.launch.chunk.ChunkBench;
import dev.forearm.launch.foresight.ForesightBench;
import dev.forearm.launch.swap.SwapBench;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
          "Of control: how long each side runs at each rate and load (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

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
    List<Benchmark> all = new ArrayList<>(Benchmarks.all(robot, House.home(), seconds, seed));
    all.add(new ForesightBench(robot, TaskOptions.episodes(episodes), seed));
    all.add(new SwapBench(robot, "lift-sft", swaps));
    all.add(new ChunkBench(robot, TaskOptions.episodes(episodes), seed));
    return all;
  }

  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return new BenchCommand().all().stream().map(Benchmark::name).iterator();
    }
  }
}
