package dev.forearm.bench;

import dev.forearm.runtime.agent.CycleStatistics;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.Scheduling;
import dev.forearm.runtime.agent.StringConstants;
import dev.forearm.runtime.lockstep.Rehearsal;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How evenly control cycles start, against a loop in C that does nothing else, with the second core
 * idle and busy; what a cycle costs; how soon a joint state becomes a command; and what it costs to
 * call ONNX Runtime from Java rather than from C. Sides take turns.
 */
final class ControlBench implements Benchmark {
  private static final int[] RATES_HZ = {500, 1000};
  private static final int ROUND_SECONDS = 10;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Robot robot;
  private final int seconds;
  private double bytesPerCycle;
  private boolean scheduledAsAsked = true;
  private boolean cyclictest;

  /**
   * @param seconds for each side at each rate and load
   */
  ControlBench(Robot robot, int seconds) {
    this.robot = robot;
    this.seconds = seconds;
  }

  @Override
  public String name() {
    return "control";
  }

  @Override
  public String purpose() {
    return "how evenly control cycles start, against a loop in C; what a cycle, a reaction and an"
        + " inference cost";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    StringConstants.intern(List.of(TimedLoop.class, LoopRig.class));
    cost(values);
    InferencePair.measure(folder, values);
    react(values);
    LoopInC peer = LoopInC.compiled(folder);
    cyclictest = Cyclictest.isThere();
    double idle = 0;
    double loaded = 0;
    for (int hertz : RATES_HZ) {
      Robot faster = robot.cyclingEvery(NANOS_PER_SECOND / hertz);
      Rehearsal.of(faster);
      String name = "hz_%s_".formatted(hertz);
      idle = Math.max(idle, compare(faster, peer, name + "idle_", values));
      Process busy = peer.keepBusy();
      try {
        loaded = Math.max(loaded, compare(faster, peer, name + "loaded_", values));
      } finally {
        busy.destroyForcibly().onExit().join();
      }
    }
    values.put("period_p99_9_ratio_idle", idle);
    values.put("period_p99_9_ratio_loaded", loaded);
    values.put("bytes_per_cycle", bytesPerCycle);
    values.put("peer_c_scheduled_as_asked", scheduledAsAsked ? 1.0 : 0.0);
    values.put("load_average_after", Machine.loadAverage());
    return values;
  }

  private void cost(Map<String, Double> values) {
    LoopRig rig = new LoopRig(robot);
    long[] now = {0};
    Timing cycle =
        Timing.of(() -> {
          now[0] += robot.controlPeriodNanos();
          rig.cycle(now[0]);
          return now[0];
        });
    rig.wantRunning();
    values.put("cycle_ns", cycle.nanos());
  }

  private void react(Map<String, Double> values) throws InterruptedException {
    NanosHistogram reactions = new NanosHistogram();
    ReactionRig rig = new ReactionRig(robot, reactions);
    try (PeriodicRunner _ =
        PeriodicRunner.start(
            rig, robot.controlPeriodNanos(), Scheduling.FIRST, ControlBench::failed)) {
      for (long begun = System.nanoTime(); reactions.count() == 0; Thread.sleep(LOOK)) {
        if (System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw new IllegalStateException("no joint state became a command in " + PATIENCE);
        }
      }
      Thread.sleep(Duration.ofSeconds(seconds));
    }
    values.put("observations", (double) reactions.count());
    put(values, "observation_to_command_", reactions);
  }

  /** The ratio of the 99.9th percentiles of both sides' periods. */
  private double compare(Robot faster, LoopInC peer, String name, Map<String, Double> values)
      throws IOException, InterruptedException {
    int rounds = Math.max(1, seconds / ROUND_SECONDS);
    long nanos = seconds * NANOS_PER_SECOND / rounds;
    Evenness ours = new Evenness();
    Evenness theirs = new Evenness();
    NanosHistogram usual = new NanosHistogram();
    for (int round = 0; round < rounds; round++) {
      CycleStatistics cycles = new TimedLoop(faster, _ -> {}).onRunner(nanos);
      ours.periods.add(cycles.periods());
      ours.wakes.add(cycles.wakes());
      bytesPerCycle = Math.max(bytesPerCycle, cycles.summary().bytesPerCycle());
      scheduledAsAsked &=
          peer.run(faster.controlPeriodNanos(), nanos, theirs.periods, theirs.wakes);
      if (cyclictest) {
        Cyclictest.run(faster.controlPeriodNanos(), nanos, usual);
      }
    }
    ours.put(values, name);
    theirs.put(values, "peer_c_" + name);
    if (cyclictest) {
      put(values, "peer_cyclictest_" + name + "wake_", usual);
    }
    double ratio = (double) ours.periods.percentile(99.9) / theirs.periods.percentile(99.9);
    values.put(name + "period_p99_9_ratio", ratio);
    return ratio;
  }

  private record Evenness(NanosHistogram periods, NanosHistogram wakes) {
    Evenness() {
      this(new NanosHistogram(), new NanosHistogram());
    }

    void put(Map<String, Double> values, String name) {
      ControlBench.put(values, name + "period_", periods);
      ControlBench.put(values, name + "wake_", wakes);
    }
  }

  private static void put(Map<String, Double> values, String name, NanosHistogram times) {
    values.put(name + "p50_us", times.percentile(50) / 1e3);
    values.put(name + "p99_us", times.percentile(99) / 1e3);
    values.put(name + "p99_9_us", times.percentile(99.9) / 1e3);
    values.put(name + "max_us", times.max() / 1e3);
  }

  private static void failed(String agent, Throwable failure) {
    throw new IllegalStateException("the measured runner failed: " + agent, failure);
  }
}
