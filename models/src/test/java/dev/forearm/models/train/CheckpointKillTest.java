package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training run that is killed again and again, each time in the middle of writing a checkpoint,
 * and goes on from what it finds: it loses nothing that was written and ends where a run that
 * nobody disturbed ends.
 */
final class CheckpointKillTest {
  private static final int KILLS = 8;
  private static final int KEPT = 3;
  private static final int MORE_STEPS = 5;
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path folder;

  @Test
  void aRunKilledWhileItWritesLosesNothingAndEndsBitExact() throws Exception {
    Random random = new Random(9);
    long saved = 0;
    int inTheMiddle = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged = killWhileWriting(random.nextInt(3000));
      inTheMiddle += unfinished() ? 1 : 0;
      Checkpoint latest = new CheckpointStore(folder, KEPT).latest().orElseThrow();
      assertTrue(latest.step() >= acknowledged, latest.step() + " is older than " + acknowledged);
      assertTrue(latest.step() > saved, "round " + kill + " wrote nothing new");
      saved = latest.step();
    }
    assertTrue(inTheMiddle > 0, "no kill met a half-written checkpoint");

    Checkpoint latest = new CheckpointStore(folder, KEPT).latest().orElseThrow();
    try (Trainer resumed = CheckpointStoreTest.open(CheckpointStoreTest.SETTINGS);
        Trainer straight = CheckpointStoreTest.open(CheckpointStoreTest.SETTINGS)) {
      CheckpointStore.resume(resumed, latest);
      while (straight.stepsDone() < latest.step()) {
        straight.step();
      }
      CheckpointStoreTest.assertSameState(straight, resumed);
      for (int i = 0; i < MORE_STEPS; i++) {
        assertEquals(straight.step().loss(), resumed.step().loss());
      }
      new CheckpointStore(folder, KEPT).save(resumed);
      assertFalse(unfinished(), "the next write clears away what a killed one left");
    }
  }

  /**
   * Starts a run and kills it some microseconds after a checkpoint has begun to be written.
   *
   * @return the newest step that it said was saved
   */
  private long killWhileWriting(int delayMicros) throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = run.inputReader()) {
      long acknowledged = step(lines.readLine());
      assertTrue(acknowledged > 0, "the run ended by itself");
      long start = System.nanoTime();
      while (!unfinished() && System.nanoTime() - start < LONGEST_WAIT_NANOS) {
        Thread.onSpinWait();
      }
      TimeUnit.MICROSECONDS.sleep(delayMicros);
      // Not Process.destroyForcibly: that closes the pipe with what it still holds.
      run.toHandle().destroyForcibly();
      run.waitFor();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged = Math.max(acknowledged, step(line));
      }
      return acknowledged;
    }
  }

  private static long step(@Nullable String line) {
    return line == null || line.isEmpty() ? 0 : Long.parseLong(line);
  }

  /** Whether a checkpoint lies there that is not wholly written. */
  private boolean unfinished() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(entry -> entry.toString().endsWith(".part"));
    }
  }

  /** The run: goes on from the newest checkpoint and saves after every step. */
  static final class Run {
    private Run() {}

    public static void main(String[] arguments) {
      CheckpointStore store = new CheckpointStore(Path.of(arguments[0]), KEPT);
      try (Trainer trainer = CheckpointStoreTest.open(CheckpointStoreTest.SETTINGS)) {
        store.latest().ifPresent(newest -> CheckpointStore.resume(trainer, newest));
        while (true) {
          trainer.step();
          store.save(trainer);
          System.out.println(trainer.stepsDone());
        }
      }
    }
  }
}
