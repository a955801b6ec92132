package dev.forearm.bench;

import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What a control cycle costs, and how evenly cycles start: the product's runner against a {@link
 * ScheduledExecutorService}, which is what a Java program would take without it. Both run the same
 * control loop, in turns.
 */
final class LoopBench implements Benchmark {
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = 3_000_000_000L;

  private final Robot robot;

  LoopBench(Robot robot) {
    this.robot = robot;
  }

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public String purpose() {
    return "a control cycle's cost, and how evenly cycles start, against ScheduledExecutorService";
  }

  @Override
  public Map<String, Double> run() {
    Map<String, Double> values = new LinkedHashMap<>();
    cost(values);
    Evenness[] ours = new Evenness[ROUNDS];
    Evenness[] peer = new Evenness[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      ours[round] = onRunner();
      peer[round] = onScheduler();
    }
    put(values, "", ours);
    put(values, "peer_scheduler_", peer);
    values.put("period_error_p50_ratio", ratio(peer, ours, Evenness::errorP50));
    values.put("period_error_p99_ratio", ratio(peer, ours, Evenness::errorP99));
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
    values.put("cycle_bytes_allocated", cycle.bytes());
  }

  private Evenness onRunner() {
    NanosHistogram uneven = new NanosHistogram();
    TimedLoop loop = loop(uneven);
    loop.onRunner(ROUND_NANOS);
    return Evenness.of(loop, uneven);
  }

  private Evenness onScheduler() {
    NanosHistogram uneven = new NanosHistogram();
    TimedLoop loop = loop(uneven);
    try (ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor()) {
      var running =
          scheduler.scheduleAtFixedRate(
              () -> loop.doWork(System.nanoTime()),
              0,
              robot.controlPeriodNanos(),
              TimeUnit.NANOSECONDS);
      loop.goOn(ROUND_NANOS);
      running.cancel(false);
    }
    return Evenness.of(loop, uneven);
  }

  /** A loop that notes how far from one period each cycle starts after the last. */
  private TimedLoop loop(NanosHistogram uneven) {
    long nominal = robot.controlPeriodNanos();
    return new TimedLoop(robot, period -> uneven.record(Math.abs(period - nominal)));
  }

  /** Mean rate, and the difference of a period from the nominal one in microseconds. */
  private record Evenness(double hz, double errorP50, double errorP99, double errorMax) {
    /** After the cycling thread has ended. */
    static Evenness of(TimedLoop loop, NanosHistogram uneven) {
      return new Evenness(
          loop.hz(), uneven.percentile(50) / 1e3, uneven.percentile(99) / 1e3, uneven.max() / 1e3);
    }
  }

  private static void put(Map<String, Double> values, String prefix, Evenness[] rounds) {
    values.put(prefix + "hz", median(rounds, Evenness::hz));
    values.put(prefix + "period_error_p50_us", median(rounds, Evenness::errorP50));
    values.put(prefix + "period_error_p99_us", median(rounds, Evenness::errorP99));
    values.put(prefix + "period_error_max_us", median(rounds, Evenness::errorMax));
  }

  private static double ratio(Evenness[] peer, Evenness[] ours, Function<Evenness, Double> value) {
    return median(peer, value) / median(ours, value);
  }

  private static double median(Evenness[] rounds, Function<Evenness, Double> value) {
    double[] sorted = Arrays.stream(rounds).mapToDouble(value::apply).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
