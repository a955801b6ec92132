package dev.forearm.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderAgent;
import dev.forearm.runtime.episode.RecorderSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A process that records one short episode after the other under {@link RecordLoad} until it is
 * killed, and leaves in a mapped file, which the kernel keeps, how far it was.
 *
 * <pre>
 *    0 long  episodes begun
 *    8 long  episodes finished
 *   16 long  number of the last message offered on RecordLoad.STATES
 *   24 long  when, ns of the monotonic clock
 *   32 long  when the last episode was begun
 *   40 long  number of the last message offered before it was to end, or 0
 *   48 long  when it was to end
 *   56 long  1 if a message found no room
 *   64 long  the same number of each finished episode
 * </pre>
 */
final class DoomedRecorder {
  static final int BEGUN = 0;
  static final int FINISHED = 8;
  static final int OFFERED = 16;
  static final int OFFERED_NANOS = 24;
  static final int BEGUN_NANOS = 32;
  static final int ENDING = 40;
  static final int ENDING_NANOS = 48;
  static final int DROPPED = 56;
  static final int FINISHED_NUMBERS = 64;

  private static final int EPISODES_MAX = 1000;
  private static final int MILLIS_MIN = 200;
  private static final int MILLIS_MAX = 5000; // past a wait for the disk

  private DoomedRecorder() {}

  /** Name of an episode's file without its ending. */
  static String name(long episode) {
    return "doomed" + episode;
  }

  /** Maps the file of notes. */
  static ByteBuffer notes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
      int bytes = FINISHED_NUMBERS + Long.BYTES * EPISODES_MAX;
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes).order(ByteOrder.nativeOrder());
    }
  }

  /** {@code FOLDER NOTES SEED}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    ByteBuffer notes = notes(Path.of(arguments[1]));
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[2]));
    RecorderSettings real = RecorderSettings.realTime(folder);
    RecorderSettings settings = // log times on the clock of the notes
        new RecorderSettings(
            folder,
            false,
            real.flushNanos(),
            real.flushBytes(),
            real.syncNanos(),
            real.reserveBytes(),
            real.zstdLevel());
    EpisodeRecorder recorder = new EpisodeRecorder(settings, new MonotonicClock());
    try (WakefulRunner _ =
            WakefulRunner.start(
                new RecorderAgent(recorder),
                RecorderAgent.rest(),
                (agent, failure) -> failure.printStackTrace());
        RecordLoad _ = new RecordLoad(recorder, into(notes))) {
      for (long episode = 0; episode < EPISODES_MAX; episode++) {
        recorder.begin(new EpisodeInfo(name(episode), "bench", 0, "none", "none", "", Map.of()));
        notes.putLong(ENDING, 0).putLong(BEGUN_NANOS, System.nanoTime());
        notes.putLong(BEGUN, episode + 1);
        Thread.sleep(random.nextInt(MILLIS_MIN, MILLIS_MAX));
        long last = notes.getLong(OFFERED);
        notes.putLong(ENDING_NANOS, notes.getLong(OFFERED_NANOS)).putLong(ENDING, last);
        recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, ""));
        notes.putLong(FINISHED_NUMBERS + (int) episode * Long.BYTES, last);
        notes.putLong(FINISHED, episode + 1);
      }
    }
  }

  private static RecordLoad.Witness into(ByteBuffer notes) {
    return new RecordLoad.Witness() {
      @Override
      public void offered(long number, long nanos) {
        notes.putLong(OFFERED, number).putLong(OFFERED_NANOS, nanos);
      }

      @Override
      public void dropped() {
        notes.putLong(DROPPED, 1);
      }
    };
  }
}
