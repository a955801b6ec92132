package dev.forearm.launch.faults;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.Mind;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The episodes of one seed, each of which can be played by itself: on the table-top arm and on an
 * FR3 by turns, most with a policy that errs as planned and some with a bundle. Used by one thread;
 * they play on another, which is left behind if one hangs.
 */
final class FaultEpisodes implements AutoCloseable {
  private static final int BUNDLE_EVERY = 40;
  private static final long PATIENCE_SECONDS = 60;
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4, 0.02
  };

  private final long seed;
  private final Path bundleAt;
  private final Robot tabletop = House.robot("tabletop");
  private final Robot fr3 = House.robot("fr3");
  private final Path folder;
  private ExecutorService player = newPlayer();
  private Optional<Mind> bundle = Optional.empty();

  /**
   * @param bundle for the table-top arm
   */
  FaultEpisodes(long seed, Path bundle) {
    this.seed = seed;
    bundleAt = bundle;
    try {
      folder = Files.createTempDirectory("forearm-faults");
    } catch (IOException e) {
      throw new LaunchFailure("faults: no folder for recordings (%s)".formatted(e), e);
    }
  }

  /** Plays one; whatever happens, there is a verdict. */
  Verdict play(long number) {
    boolean withBundle = number % BUNDLE_EVERY == BUNDLE_EVERY - 1;
    Robot robot = withBundle || number % 2 == 0 ? tabletop : fr3;
    long own = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number).nextLong();
    FaultPlan plan = FaultPlan.draw(own, robot);
    double[] start = new double[robot.jointCount()];
    System.arraycopy(READY, 0, start, 0, start.length);
    Optional<Mind> mind = withBundle ? Optional.of(bundle()) : Optional.empty();
    try {
      return player
          .submit(() -> new FaultEpisode(number, robot, plan, start, mind, folder).play())
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      player = newPlayer();
      bundle = Optional.empty(); // the thread that hangs may be in it
      return Verdict.hung(number, "not over after " + PATIENCE_SECONDS + " s");
    } catch (ExecutionException e) {
      return Verdict.broken(number, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Verdict.broken(number, "interrupted");
    }
  }

  @Override
  public void close() {
    player.shutdownNow();
    bundle.ifPresent(Mind::close);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new LaunchFailure("faults: %s cannot be cleared (%s)".formatted(folder, e), e);
    }
  }

  private Mind bundle() {
    Mind open = bundle.orElseGet(() -> Mind.of(bundleAt, tabletop));
    bundle = Optional.of(open);
    return open;
  }

  private static ExecutorService newPlayer() {
    return Executors.newSingleThreadExecutor(task -> {
      Thread thread = new Thread(task, "fault episodes");
      thread.setDaemon(true);
      return thread;
    });
  }
}
