package dev.forearm.bench;

import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecorderAgent;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One episode of many minutes under {@link RecordLoad}: what an offer costs, whether every message
 * is in the file or told to be missing, and whether memory stays as it is. The file, some 18 MB a
 * second, is read back and deleted.
 */
final class RecordSoakBench implements Benchmark {
  private static final double MIB = 1 << 20;
  private static final int SAMPLES = 40; // of memory
  private static final int SAMPLES_WARM_UP = 8; // of these, left out

  private final int seconds;

  RecordSoakBench(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public String name() {
    return "record-soak";
  }

  @Override
  public String purpose() {
    return "one long episode of 10,000 messages and 20 MB a second";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    EpisodeRecorder recorder =
        new EpisodeRecorder(RecorderSettings.realTime(folder), new MonotonicClock());
    recorder.begin(new EpisodeInfo("soak", "bench", 0, "none", "none", "", Map.of()));
    RecordLoad load = new RecordLoad(recorder, new RecordLoad.Witness() {});
    Course memory = new Course();
    double residentMib = Double.NaN;
    try (WakefulRunner _ =
        WakefulRunner.start(
            new RecorderAgent(recorder),
            RecorderAgent.rest(),
            (agent, failure) -> failure.printStackTrace())) {
      for (int sample = 0; sample < SAMPLES; sample++) {
        Thread.sleep(1000L * seconds / SAMPLES);
        System.gc(); // what is left is used
        residentMib = Machine.residentMib(ProcessHandle.current().pid());
        if (sample >= SAMPLES_WARM_UP) {
          memory.add((double) sample * seconds / SAMPLES, residentMib);
        }
      }
      load.close();
    }
    EpisodeReport report = recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, ""));
    values.put("load_average_after", Machine.loadAverage());
    count(load, report, values);
    values.put("enqueue_p50_us", load.offers().percentile(50) / 1e3);
    values.put("enqueue_p99_9_us", load.offers().percentile(99.9) / 1e3);
    values.put("enqueue_max_us", load.offers().max() / 1e3);
    values.put("rss_mib", residentMib);
    values.put("rss_slope_mib_per_minute", memory.slopePerHour() / 60);
    return values;
  }

  /** Compares what was offered with what the file holds, message by message. */
  private void count(RecordLoad load, EpisodeReport report, Map<String, Double> values) {
    Map<String, Long> found = new HashMap<>();
    Map<String, Long> last = new HashMap<>();
    int[] disorder = {0};
    try (McapReader reader = McapReader.open(report.file())) {
      reader.read((channel, sequence, logNanos, publishNanos, payload) -> {
        long number = payload.order(ByteOrder.nativeOrder()).getLong(payload.position());
        found.merge(channel.topic(), 1L, Long::sum);
        Long before = last.put(channel.topic(), number);
        disorder[0] += before != null && number <= before ? 1 : 0;
      });
    }
    long offered = 0;
    long dropped = 0;
    long unreported = 0;
    for (RecordLoad.Topic topic : load.topics()) {
      long reported = report.dropped().getOrDefault(topic.name, 0L);
      offered += topic.offered;
      dropped += reported;
      unreported += Math.abs(topic.offered - reported - found.getOrDefault(topic.name, 0L));
    }
    values.put("messages_per_s", (double) offered / seconds);
    values.put("file_mib", report.bytes() / MIB);
    values.put("dropped", (double) dropped);
    values.put("unreported_drops", (double) unreported);
    values.put("out_of_order", (double) disorder[0]);
  }
}
