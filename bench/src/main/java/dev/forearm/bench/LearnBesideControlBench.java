package dev.forearm.bench;

import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a learner costs the control loop beside it: {@code ./forearm learn --follow} in a process of
 * its own, as on a robot, against the same loop without it. Both are measured in turns.
 */
final class LearnBesideControlBench implements Benchmark {
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = 8_000_000_000L;
  private static final String EPISODES = "6"; // and as many trainings, longer than any round
  private static final long POLL_MILLIS = 100;

  private final Robot robot;
  private final Program program;
  private final int rounds;
  private final long roundNanos;

  LearnBesideControlBench(Robot robot, Program program) {
    this(robot, program, ROUNDS, ROUND_NANOS);
  }

  LearnBesideControlBench(Robot robot, Program program, int rounds, long roundNanos) {
    this.robot = robot;
    this.program = program;
    this.rounds = rounds;
    this.roundNanos = roundNanos;
  }

  @Override
  public String name() {
    return "learn-beside-control";
  }

  @Override
  public String purpose() {
    return "how evenly control cycles start beside a learner that trains, against without one";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    Path episodes = folder.resolve("episodes");
    program.run(
        folder.resolve("record.txt"),
        List.of("record", "--task", "lift", "--episodes", EPISODES, "--out", episodes.toString()));
    NanosHistogram alone = new NanosHistogram();
    NanosHistogram beside = new NanosHistogram();
    double cores = 0;
    double lowest = Double.POSITIVE_INFINITY;
    double highest = 0;
    cycle(new NanosHistogram(), new NanosHistogram()); // so that both sides run compiled code
    for (int round = 1; round <= rounds; round++) {
      NanosHistogram roundAlone = new NanosHistogram();
      NanosHistogram roundBeside = new NanosHistogram();
      cycle(alone, roundAlone);
      try (Learner learner = new Learner(program, episodes, folder.resolve("learner-" + round))) {
        learner.awaitTraining();
        cores += learner.cores(() -> cycle(beside, roundBeside)) / rounds;
      }
      lowest = Math.min(lowest, ratio(roundAlone, roundBeside));
      highest = Math.max(highest, ratio(roundAlone, roundBeside));
    }
    values.put("learner_cores", cores);
    put(values, "alone_", alone);
    put(values, "beside_", beside);
    values.put("period_p99_9_ratio", ratio(alone, beside));
    values.put("period_p99_9_ratio_lowest_round", lowest);
    values.put("period_p99_9_ratio_highest_round", highest);
    return values;
  }

  private void cycle(NanosHistogram all, NanosHistogram round) {
    new TimedLoop(
            robot,
            period -> {
              all.record(period);
              round.record(period);
            })
        .onRunner(roundNanos);
  }

  private static void put(Map<String, Double> values, String prefix, NanosHistogram periods) {
    values.put(prefix + "periods", (double) periods.count());
    values.put(prefix + "period_p50_us", periods.percentile(50) / 1e3);
    values.put(prefix + "period_p99_us", periods.percentile(99) / 1e3);
    values.put(prefix + "period_p99_9_us", periods.percentile(99.9) / 1e3);
    values.put(prefix + "period_max_us", periods.max() / 1e3);
  }

  private static double ratio(NanosHistogram alone, NanosHistogram beside) {
    return (double) beside.percentile(99.9) / alone.percentile(99.9);
  }

  /** A learner at work in a folder of its own; closing it kills it, which it is made for. */
  private static final class Learner implements AutoCloseable {
    private final Path work;
    private final Path log;
    private final Process process;

    Learner(Program program, Path episodes, Path work) throws IOException {
      this.work = work;
      log = work.resolveSibling(work.getFileName() + ".txt");
      process =
          program.start(
              log,
              List.of(
                  "learn",
                  "--bundle",
                  "lift-sft",
                  "--method",
                  "joint",
                  "--follow",
                  episodes.toString(),
                  "--every",
                  "1",
                  "--iterations",
                  EPISODES,
                  "--work",
                  work.toString()));
    }

    /** Until its first checkpoint is there. */
    void awaitTraining() throws IOException, InterruptedException {
      while (!Files.exists(work.resolve("unfinished"))) {
        requireAlive(POLL_MILLIS);
      }
    }

    /** Processor time that it takes while something else is done, per time. */
    double cores(Runnable meanwhile) throws IOException, InterruptedException {
      long began = System.nanoTime();
      Duration before = cpu();
      meanwhile.run();
      requireAlive(0);
      return (double) cpu().minus(before).toNanos() / (System.nanoTime() - began);
    }

    private Duration cpu() {
      return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private void requireAlive(long millis) throws IOException, InterruptedException {
      if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "the learner ended with %s before the measurement did: %s"
                .formatted(process.exitValue(), Files.readString(log).strip()));
      }
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
