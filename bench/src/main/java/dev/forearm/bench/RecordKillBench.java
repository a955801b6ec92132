package dev.forearm.bench;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeRecovery;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code kill -9} costs a recording: a {@link DoomedRecorder} is killed at a random moment and
 * its folder recovered, many times.
 */
final class RecordKillBench implements Benchmark {
  private static final Logger LOG = LoggerFactory.getLogger(RecordKillBench.class);
  private static final int MOMENT_MILLIS_MAX = 6000; // after its first episode began
  private static final double WANTED_LOST_MILLIS_MAX = 50;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final int kills;
  private final long seed;

  private final List<Double> lostMillis = new ArrayList<>();
  private int finished;
  private int finishedLost;
  private int withDrops;
  private int broken;

  RecordKillBench(int kills, long seed) {
    this.kills = kills;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "record-kill";
  }

  @Override
  public String purpose() {
    return "what kill -9 at a random moment costs a recording of 10,000 messages and 20 MB a second";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    SplittableRandom random = new SplittableRandom(seed);
    for (int kill = 0; kill < kills; kill++) {
      Path episodes = Files.createDirectory(folder.resolve("kill" + kill));
      Path notes = folder.resolve("notes" + kill);
      kill(episodes, notes, random);
      EpisodeRecovery.recoverFolder(episodes);
      judge(episodes, DoomedRecorder.notes(notes));
      FileUtils.deleteDirectory(episodes.toFile());
    }
    values.put("load_average_after", Machine.loadAverage());
    List<Double> sorted = lostMillis.stream().sorted().toList();
    values.put("kills", (double) kills);
    values.put("killed_while_recording", (double) sorted.size());
    values.put("lost_p50_ms", sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2));
    values.put("lost_max_ms", sorted.isEmpty() ? 0 : sorted.getLast());
    values.put(
        "kills_above_50_ms",
        (double) sorted.stream().filter(lost -> lost > WANTED_LOST_MILLIS_MAX).count());
    values.put("finished_episodes", (double) finished);
    values.put("finished_episodes_lost", (double) finishedLost);
    values.put("kills_with_drops", (double) withDrops);
    values.put("broken_episodes", (double) broken);
    return values;
  }

  private static void kill(Path episodes, Path notes, SplittableRandom random)
      throws IOException, InterruptedException {
    Path log = notes.resolveSibling("log.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedRecorder.class.getName(),
                episodes.toString(),
                notes.toString(),
                Long.toString(random.nextLong()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      ByteBuffer seen = DoomedRecorder.notes(notes);
      long patience = System.nanoTime() + PATIENCE_NANOS;
      while (seen.getLong(DoomedRecorder.BEGUN) == 0) {
        if (process.waitFor(5, TimeUnit.MILLISECONDS) || System.nanoTime() > patience) {
          throw new IllegalStateException(
              "the recorder began no episode: " + Files.readString(log).strip());
        }
      }
      Thread.sleep(random.nextInt(MOMENT_MILLIS_MAX));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void judge(Path episodes, ByteBuffer notes) {
    long done = notes.getLong(DoomedRecorder.FINISHED);
    boolean drops = notes.getLong(DoomedRecorder.DROPPED) > 0;
    withDrops += drops ? 1 : 0;
    for (int episode = 0; episode < done; episode++) {
      long last = notes.getLong(DoomedRecorder.FINISHED_NUMBERS + episode * Long.BYTES);
      finished++;
      finishedLost +=
          read(episodes.resolve(DoomedRecorder.name(episode) + ".mcap"), drops).number >= last
              ? 0
              : 1;
    }
    if (notes.getLong(DoomedRecorder.BEGUN) == done) {
      return; // between two episodes
    }
    boolean ending = notes.getLong(DoomedRecorder.ENDING) > 0;
    long last = notes.getLong(ending ? DoomedRecorder.ENDING_NANOS : DoomedRecorder.OFFERED_NANOS);
    String name = DoomedRecorder.name(done);
    boolean whole = Files.exists(episodes.resolve(name + ".mcap"));
    End found = read(episodes.resolve(name + (whole ? ".mcap" : ".recovered.mcap")), drops);
    long saved = Math.max(found.nanos, notes.getLong(DoomedRecorder.BEGUN_NANOS));
    double lost = Math.max(0, last - saved) / 1e6;
    lostMillis.add(lost);
    if (lost > WANTED_LOST_MILLIS_MAX) {
      LOG.warn("{}: {} ms lost{}", name, lost, ending ? " at its end" : "");
    }
  }

  /** The last message on the topic of the notes; zeros if none could be read. */
  private record End(long number, long nanos) {}

  /**
   * Reads an episode, whose messages must follow each other.
   *
   * @param drops whether some may be missing
   */
  private End read(Path file, boolean drops) {
    End[] end = {new End(0, 0)};
    Map<String, Long> last = new LinkedHashMap<>();
    int[] gaps = {0};
    try (McapReader reader = McapReader.open(file)) {
      reader.read((channel, sequence, logNanos, publishNanos, payload) -> {
        long number = payload.order(ByteOrder.nativeOrder()).getLong(payload.position());
        Long before = last.put(channel.topic(), number);
        gaps[0] += before == null || number == before + 1 || (drops && number > before) ? 0 : 1;
        if (channel.topic().equals(RecordLoad.STATES)) {
          end[0] = new End(number, logNanos);
        }
      });
    } catch (RuntimeFault e) {
      LOG.warn("{}", e.getMessage());
      broken++;
      return end[0];
    }
    if (gaps[0] > 0) {
      LOG.warn("{}: {} gaps", file, gaps[0]);
      broken++;
    }
    return end[0];
  }
}
