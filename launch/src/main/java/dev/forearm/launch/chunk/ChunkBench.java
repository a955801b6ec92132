package dev.forearm.launch.chunk;

import dev.forearm.bench.Benchmark;
import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.Seeds;
import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.apache.commons.io.FileUtils;

/**
 * What is commanded where one chunk takes over from another while inference takes up to 300 ms, and
 * what becomes of the task: our follower, switching at once, temporal ensembling, and Ruckig
 * planning to each action. The simulated arm is in the loop; the safety filter is the same for all.
 */
public final class ChunkBench implements Benchmark {
  private static final String BUNDLE = "lift-sft";
  private static final long MS = 1_000_000;
  private static final long SLOWEST_MS = 300;

  /** A chunk that took long to make is old when the next one comes. */
  private static final long PATIENCE_NANOS = 1000 * MS;

  private final Robot robot;
  private final int episodes;
  private final long seed;

  /**
   * @param episodes with each follower at each delay
   * @param seed start states and delays derive from it
   */
  public ChunkBench(Robot robot, int episodes, long seed) {
    this.robot = robot.waiting(robot.timeouts().withChunk(PATIENCE_NANOS));
    this.episodes = episodes;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "chunk";
  }

  @Override
  public String purpose() {
    return "commands at chunk seams under slow inference, against switching, ensembling and Ruckig";
  }

  @Override
  public Map<String, Double> run() {
    Map<String, Double> values = new LinkedHashMap<>();
    Path folder;
    try {
      folder = Files.createTempDirectory("forearm-bench");
    } catch (IOException e) {
      throw new UncheckedIOException("benchmark " + name(), e);
    }
    try (Mind mind = Mind.named(BUNDLE, robot, Task.LIFT)) {
      for (String delay : new String[] {"0", "100", "200", "300", "jitter"}) {
        String name = delay.equals("jitter") ? "jitter_" : delay + "ms_";
        values.putAll(play(mind, delay, Follower.of(robot), name + "ours_"));
        values.putAll(play(mind, delay, new NaiveFollower(robot.jointCount()), name + "naive_"));
        values.putAll(
            play(
                mind,
                delay,
                new EnsemblingFollower(mind.policy().spec(), robot.controlPeriodNanos()),
                name + "ensembling_"));
        Optional<RuckigFollower> ruckig = RuckigFollower.start(robot, folder);
        if (ruckig.isPresent()) {
          try (RuckigFollower peer = ruckig.get()) {
            values.putAll(play(mind, delay, peer, name + "ruckig_"));
          }
        }
      }
    } finally {
      FileUtils.deleteQuietly(folder.toFile());
    }
    return values;
  }

  /** By name: success, and {@link Smoothness}. */
  Map<String, Double> play(Mind mind, String delay, Follower follower, String name) {
    Smoothness smoothness = new Smoothness(follower, robot);
    int successes = 0;
    double seconds = 0;
    try (LockstepRun run =
        new LockstepRun(
            robot,
            mind,
            mind.task(),
            SimSettings.of(Gap.none()),
            Optional.empty(),
            smoothness,
            delays(delay))) {
      Seeds seeds = new Seeds(seed);
      EpisodeHooks hooks = EpisodeHooks.NONE.heardBy(smoothness);
      for (int i = 0; i < episodes; i++) {
        EpisodeResult result = run.play(seeds, hooks);
        successes += result.success() ? 1 : 0;
        seconds += result.success() ? result.seconds() : 0;
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(name + "success_rate", (double) successes / episodes);
    values.put(name + "seconds_to_success", successes == 0 ? Double.NaN : seconds / successes);
    values.putAll(smoothness.values(name));
    return values;
  }

  /** The same for every follower. */
  private LongSupplier delays(String delay) {
    if (delay.equals("jitter")) {
      SplittableRandom random = new SplittableRandom(seed);
      return () -> random.nextLong(SLOWEST_MS + 1) * MS;
    }
    long constant = Long.parseLong(delay) * MS;
    return () -> constant;
  }
}
