package dev.forearm.launch.swap;

import dev.forearm.bench.Benchmark;
import dev.forearm.bench.LargeBundle;
import dev.forearm.bench.Machine;
import dev.forearm.bench.TemporaryFolder;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What swapping policies costs the control loop, and how long a large one takes. Two versions of
 * one bundle take over from each other by way of a shelf, as fast as that goes, while the product's
 * control and inference threads drive an arm; then as long without a swap, in turns.
 */
public final class SwapBench implements Benchmark {
  private static final int ROUNDS = 10;
  private static final int LARGE_SWAPS = 7;
  private static final long SETTLE_SECONDS = 2;
  private static final long PATIENCE_SECONDS = 120;
  private static final double CHANCE = 0.05;

  private final Robot robot;
  private final String bundle;
  private final int swaps;

  /**
   * @param bundle of this robot, as {@link House#bundle} finds it
   * @param swaps at least 10
   */
  public SwapBench(Robot robot, String bundle, int swaps) {
    if (swaps < ROUNDS) {
      throw new LaunchFailure("--swaps %s: wanted at least %s".formatted(swaps, ROUNDS));
    }
    this.robot = robot;
    this.bundle = bundle;
    this.swaps = swaps;
  }

  @Override
  public String name() {
    return "swap";
  }

  @Override
  public String purpose() {
    return "what swaps of the policy cost the control loop and leave in memory, and how long one of"
        + " 50 M parameters takes";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    Path parent = House.bundle(bundle);
    PolicyShelf shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
    List<String> alike = List.of(shelf.add(parent).id(), shelf.add(child(parent, folder)).id());
    shelf.activate(alike.getFirst(), List.of());
    Path largeBundle = folder.resolve("large");
    values.put(
        "large_parameters",
        (double) LargeBundle.write(parent, largeBundle, LargeBundle.LAYERS_50M));
    ShelfVersion large = shelf.add(largeBundle);
    Mind first = Mind.of(shelf.activeBundle(), robot);
    try (SwappedArm arm = new SwappedArm(robot, shelf, first, place -> Mind.of(place, robot))) {
      arm.awaitRunning();
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      beside(arm, shelf, alike, values);
      large(arm, shelf, alike.getFirst(), large.id(), values);
    }
    return values;
  }

  /**
   * Swaps of a bundle and its equal whose graphs are computed elsewhere, and what they leave
   * behind.
   *
   * @param most swaps, or fewer where they take longer than the seconds
   */
  public static Map<String, Double> computedBy(
      ProviderChoice choice, Robot robot, String bundle, int most, double seconds) {
    return TemporaryFolder.measure(
        "swap",
        folder -> {
          Path parent = House.bundle(bundle);
          PolicyShelf shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
          List<String> alike =
              List.of(shelf.add(parent).id(), shelf.add(child(parent, folder)).id());
          shelf.activate(alike.getFirst(), List.of());
          Function<Path, Mind> loader =
              place -> Mind.of(place, robot, RobotHashes.none(), Trust.anyone(), choice);
          NanosHistogram periods = new NanosHistogram();
          Mind first = loader.apply(shelf.activeBundle());
          try (SwappedArm arm = new SwappedArm(robot, shelf, first, loader)) {
            arm.awaitRunning();
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            arm.measure(periods);
            long missed = arm.missed();
            double rss = residentMib();
            long end = System.nanoTime() + Math.round(seconds * 1e9);
            double[] millis = new double[most];
            int done = 0;
            while (done < most && System.nanoTime() < end) {
              millis[done++] = swap(arm, shelf, alike.get(done % 2)).millis();
            }
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("swaps", (double) done);
            values.put("swap_p50_ms", median(Arrays.copyOf(millis, done)));
            values.put("missed_cycles", (double) (arm.missed() - missed));
            values.put("period_max_us", periods.max() / 1e3);
            values.put("rss_growth_mib", residentMib() - rss);
            return values;
          }
        });
  }

  /** Periods of the control loop with and without swaps, in turns, and what memory is left. */
  private void beside(
      SwappedArm arm, PolicyShelf shelf, List<String> alike, Map<String, Double> values)
      throws InterruptedException {
    List<NanosHistogram> undisturbed = rounds(); // all now: what is left in memory is measured
    List<NanosHistogram> swapping = rounds();
    double[] millis = new double[swaps / ROUNDS * ROUNDS];
    long missedWith = 0;
    long missedWithout = 0;
    double rssBefore = Double.NaN;
    int done = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      long missed = arm.missed();
      arm.measure(swapping.get(round));
      for (int i = 0; i < swaps / ROUNDS; i++) {
        millis[done++] = swap(arm, shelf, alike.get(done % 2)).millis();
      }
      missedWith += arm.missed() - missed;
      missed = arm.missed();
      arm.measure(undisturbed.get(round));
      TimeUnit.NANOSECONDS.sleep(System.nanoTime() - began);
      missedWithout += arm.missed() - missed;
      arm.measure(new NanosHistogram());
      if (round == 0) {
        rssBefore = residentMib();
      }
    }
    NanosHistogram without = new NanosHistogram();
    NanosHistogram with = new NanosHistogram();
    undisturbed.forEach(without::add);
    swapping.forEach(with::add);
    values.put("swaps", (double) done);
    put(values, "without_", without);
    put(values, "with_", with);
    values.put("missed_cycles_without", (double) missedWithout);
    values.put("missed_cycles_with", (double) missedWith);
    values.put("missed_cycles_due_to_swaps", (double) due(missedWith, missedWithout));
    values.put("period_p99_9_ratio", (double) with.percentile(99.9) / without.percentile(99.9));
    values.put("worst_period_ratio", (double) with.max() / without.max());
    values.put("worst_period_of_a_round_ratio", worst(swapping) / worst(undisturbed));
    values.put("swap_p50_ms", median(millis));
    values.put("rss_after_first_round_mib", rssBefore);
    values.put("rss_growth_mib", residentMib() - rssBefore);
  }

  /**
   * What there is more with swaps, if that is more than chance: over equal times, one that swaps
   * have nothing to do with falls on either side alike. One-sided binomial test at 5 %.
   */
  static long due(long with, long without) {
    double atLeast = 0;
    double ways =
        Math.pow(0.5, (double) (with + without)); // of with + without tosses, k times heads
    for (long k = 0; k <= with + without; k++) {
      atLeast += k >= with ? ways : 0;
      ways *= (double) (with + without - k) / (k + 1);
    }
    return with > without && atLeast < CHANCE ? with - without : 0;
  }

  private static void large(
      SwappedArm arm, PolicyShelf shelf, String small, String large, Map<String, Double> values)
      throws InterruptedException {
    double[] millis = new double[LARGE_SWAPS];
    double[] cpuMillis = new double[LARGE_SWAPS];
    for (int i = 0; i < LARGE_SWAPS; i++) {
      SwapRecord _ = swap(arm, shelf, small);
      long cpu = arm.swapCpuNanos();
      millis[i] = swap(arm, shelf, large).millis();
      cpuMillis[i] = (arm.swapCpuNanos() - cpu) * 1e-6;
    }
    values.put("swap_50m_cpu_ms", median(cpuMillis));
    values.put("swap_50m_ms", median(millis));
    values.put("swap_50m_ms_greatest", Arrays.stream(millis).max().orElseThrow());
  }

  private static SwapRecord swap(SwappedArm arm, PolicyShelf shelf, String to)
      throws InterruptedException {
    if (shelf.active().filter(active -> active.id().equals(to)).isPresent()) {
      return shelf.swaps().getLast();
    }
    shelf.want(to);
    SwapRecord swap = arm.settled().poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (swap == null || swap.outcome() != SwapRecord.Outcome.ACTIVE) {
      throw new IllegalStateException(
          "benchmark swap: " + (swap == null ? to + " did not come" : swap.text()));
    }
    return swap;
  }

  /** Equal but for its name, and so for its hash. */
  private static Path child(Path parent, Path folder) {
    Path child = folder.resolve("child");
    try (Bundle read = BundleReader.read(parent, Trust.anyone())) {
      BundleWriter.write(read, Map.of(), child, Map.of("command", "bench"));
    }
    return child;
  }

  private static void put(Map<String, Double> values, String prefix, NanosHistogram periods) {
    values.put(prefix + "periods", (double) periods.count());
    values.put(prefix + "period_p50_us", periods.percentile(50) / 1e3);
    values.put(prefix + "period_p99_9_us", periods.percentile(99.9) / 1e3);
    values.put(prefix + "period_max_us", periods.max() / 1e3);
  }

  private static List<NanosHistogram> rounds() {
    return Stream.generate(NanosHistogram::new).limit(ROUNDS).toList();
  }

  /** The median of each round's longest. */
  private static double worst(List<NanosHistogram> rounds) {
    return median(rounds.stream().mapToDouble(NanosHistogram::max).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** What the process holds in memory, after a collection of garbage. */
  private static double residentMib() {
    System.gc();
    try {
      return Machine.residentMib(ProcessHandle.current().pid());
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
