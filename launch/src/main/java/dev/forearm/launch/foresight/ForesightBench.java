package dev.forearm.launch.foresight;

import dev.forearm.bench.Benchmark;
import dev.forearm.launch.foresight.WatchedRun.Watched;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.Seeds;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.foresight.ForesightCalibration;
import dev.forearm.runtime.foresight.ForesightLimits;
import dev.forearm.runtime.robot.ForesightResponse;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.scene.Fault;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * What a calibrated foresight sees of faults, and what it saves where there are none. Calibration,
 * clean episodes and faults have seeds of their own; faults strike starts that succeed without.
 */
public final class ForesightBench implements Benchmark {
  private static final double FALSE_STOPS = 0.05;
  private static final List<Integer> SKIPS = List.of(3, 7);

  private final Robot robot;
  private final List<String> bundles;
  private final int episodes;
  private final long seed;

  /**
   * @param bundles folders or names; what is found of each begins with that
   * @param episodes clean ones; half as many with each fault, and twice as many to calibrate
   * @param seed all seeds derive from it
   */
  public ForesightBench(Robot robot, List<String> bundles, int episodes, long seed) {
    this.robot = robot;
    this.bundles = bundles;
    this.episodes = episodes;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "foresight";
  }

  @Override
  public String purpose() {
    return "injected faults seen, good episodes stopped, forward passes saved";
  }

  @Override
  public Map<String, Double> run() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String bundle : bundles) {
      String name = bundle.replace("-sft", "") + "_";
      SplittableRandom seeds = new SplittableRandom(seed);
      long calibrationSeed = seeds.nextLong();
      long cleanSeed = seeds.nextLong();
      SplittableRandom faults = seeds.split();
      try (Mind plain = Mind.named(bundle, robot, Task.LIFT)) {
        Mind mind = plain.foreseeing(Optional.of(calibrate(plain, calibrationSeed)));
        List<Watched> clean = clean(mind, answering(Optional.empty()), cleanSeed);
        put(values, name + "clean_", clean);
        List<CleanRun> good =
            clean.stream()
                .filter(Watched::success)
                .map(Watched::clean)
                .limit(Math.max(1, episodes / 2))
                .toList();
        for (FaultKind kind : FaultKind.values()) {
          faulted(values, name + kind.label() + "_", mind, kind, good, faults.split());
        }
        skipping(values, name, mind, cleanSeed, clean);
      }
    }
    values.values().removeIf(value -> value.isNaN()); // medians and rates of nothing
    return values;
  }

  private ForesightLimits calibrate(Mind plain, long from) {
    BundlePolicy policy = (BundlePolicy) plain.policy();
    ForesightCalibration calibration =
        new ForesightCalibration(policy.spec(), policy.imaginedScale());
    Seeds seeds = new Seeds(from);
    try (WatchedRun run = new WatchedRun(robot, plain)) {
      for (int i = 0; i < 2 * episodes; i++) {
        Watched _ = run.calibrate(seeds.next(), calibration);
      }
    }
    return calibration.limits(FALSE_STOPS);
  }

  private List<Watched> clean(Mind mind, Robot arm, long from) {
    List<Watched> all = new ArrayList<>();
    Seeds seeds = new Seeds(from);
    try (WatchedRun run = new WatchedRun(arm, mind)) {
      for (int i = 0; i < episodes; i++) {
        all.add(run.play(seeds.next(), List.of()));
      }
    }
    return all;
  }

  private void put(Map<String, Double> values, String name, List<Watched> clean) {
    List<Watched> good = clean.stream().filter(Watched::success).toList();
    List<Watched> bad = clean.stream().filter(run -> !run.success()).toList();
    values.put(name + "success_rate", (double) good.size() / clean.size());
    values.put(name + "false_stop_rate", rate(good));
    values.put(name + "failing_alarmed_rate", rate(bad));
  }

  /** Once with the gate looking on, which tells of alarm and failure, and once as it intervenes. */
  private void faulted(
      Map<String, Double> values,
      String name,
      Mind mind,
      FaultKind kind,
      List<CleanRun> starts,
      SplittableRandom random) {
    List<Watched> unguarded = new ArrayList<>();
    int saved = 0;
    try (WatchedRun off = new WatchedRun(answering(Optional.empty()), mind);
        WatchedRun on = new WatchedRun(robot, mind)) {
      for (CleanRun start : starts) {
        List<Fault> fault = List.of(kind.draw(off.task(), start, random));
        Watched run = off.play(start.seed(), fault);
        if (!Double.isNaN(run.faultSeconds())) {
          unguarded.add(run);
          saved += on.play(start.seed(), fault).success() ? 1 : 0;
        }
      }
    }
    List<Watched> failed = unguarded.stream().filter(run -> !run.success()).toList();
    List<Watched> seen = failed.stream().filter(Watched::alarmed).toList();
    values.put(name + "episodes", (double) unguarded.size());
    values.put(name + "detection_rate", rate(unguarded));
    values.put(name + "failed", (double) failed.size());
    values.put(name + "failed_detection_rate", rate(failed));
    values.put(
        name + "fault_to_alarm_s",
        median(
            unguarded.stream().filter(Watched::alarmed).toList(),
            run -> run.alarmSeconds() - run.faultSeconds()));
    values.put(
        name + "alarm_to_failure_s",
        median(seen, run -> run.failureSeconds() - run.alarmSeconds()));
    values.put(
        name + "success_rate",
        (double) unguarded.stream().filter(Watched::success).count() / unguarded.size());
    values.put(name + "success_rate_with_gate", (double) saved / unguarded.size());
  }

  private void skipping(
      Map<String, Double> values, String name, Mind mind, long from, List<Watched> measured) {
    List<Watched> guarded = clean(mind, robot, from);
    values.put(name + "clean_success_rate_with_gate", successes(guarded));
    double plans = measured.stream().mapToInt(Watched::plans).sum();
    for (int skip : SKIPS) {
      ForesightResponse response = robot.foresight().orElseThrow().skipping(skip);
      List<Watched> skipping = clean(mind, answering(Optional.of(response)), from);
      String of = name + "skip_" + skip + "_";
      values.put(of + "success_rate", successes(skipping));
      values.put(
          of + "stopped_rate_of_successes",
          rate(skipping.stream().filter(Watched::success).toList()));
      values.put(of + "passes_per_second", plansPerSecond(skipping));
      values.put(
          of + "passes_saved_fraction", 1 - plansPerSecond(skipping) / plansPerSecond(measured));
      values.put(
          of + "passes_saved_of_all_fraction",
          1 - skipping.stream().mapToInt(Watched::plans).sum() / plans);
    }
  }

  private Robot answering(Optional<ForesightResponse> response) {
    return robot.responding(response);
  }

  private static double successes(List<Watched> runs) {
    return (double) runs.stream().filter(Watched::success).count() / runs.size();
  }

  private static double plansPerSecond(List<Watched> runs) {
    return runs.stream().mapToInt(Watched::plans).sum()
        / runs.stream().mapToDouble(run -> run.clean().seconds()).sum();
  }

  /** Fraction with an alarm; NaN of none. */
  private static double rate(List<Watched> runs) {
    return (double) runs.stream().filter(Watched::alarmed).count() / runs.size();
  }

  private static double median(List<Watched> runs, ToDoubleFunction<Watched> value) {
    double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
