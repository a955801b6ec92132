package dev.forearm.bench;

import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.Channel;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecordRing;
import dev.forearm.runtime.episode.RecorderAgent;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.episode.TopicQos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Recording the tabletop arm: joint states and commands at 500 Hz, two 96x96 cameras at 30 Hz.
 * Measures what an offer costs its producer, what the recorder costs the machine at the real rate,
 * and how fast a minute is written at once, in turns with the mcap library for Python.
 */
final class RecordBench implements Benchmark {
  private static final int ROUNDS = 3;
  private static final long SECONDS = 60;
  private static final long REAL_TIME_NANOS = 5_000_000_000L;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final String PEER =
      """
      import sys, time
      from mcap.writer import Writer
      joints, image, path = open(sys.argv[1], 'rb').read(), open(sys.argv[2], 'rb').read(), sys.argv[3]
      command, size, started = joints[:92], 0, time.perf_counter()
      with open(path, 'wb') as stream:
          writer = Writer(stream)
          writer.start('ros2')
          schema = writer.register_schema('bench/msg/Bytes', 'ros2msg', b'byte[] data')
          channels = [writer.register_channel(t, 'cdr', schema) for t in ('/j', '/c', '/a', '/b')]
          for ms in range(0, 60000, 2):
              due = [(0, joints), (1, command)] + ([(2, image), (3, image)] if ms % 32 == 0 else [])
              for channel, data in due:
                  writer.add_message(channels[channel], ms * 1000000, data, ms * 1000000)
                  size += len(data)
          writer.finish()
      print('peer_mcap_python_write_mb_s', size / 1e6 / (time.perf_counter() - started))
      """;

  private final byte[] joints = slowlyVarying(376);
  private final byte[] image = slowlyVarying(27_720);

  @Override
  public String name() {
    return "record";
  }

  @Override
  public String purpose() {
    return "recording an episode, against the mcap library for Python";
  }

  @Override
  public Map<String, Double> run() {
    try {
      Path folder = Files.createTempDirectory("forearm-bench");
      try {
        return run(folder);
      } finally {
        clear(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Double> run(Path folder) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    offer(folder, values);
    realTime(folder, values);
    Path jointFile = Files.write(folder.resolve("joints"), joints);
    Path imageFile = Files.write(folder.resolve("image"), image);
    String peerFile = folder.resolve("peer.mcap").toString();
    List<Double> ours = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ours.add(minute(folder));
      peer.addAll(
          PythonPeer.run("mcap", PEER, jointFile.toString(), imageFile.toString(), peerFile)
              .values());
    }
    values.put("write_mb_s", median(ours));
    if (!peer.isEmpty()) {
      values.put("peer_mcap_python_write_mb_s", median(peer));
      values.put("write_speed_ratio", median(ours) / median(peer));
    }
    return values;
  }

  /** What a producer pays for one joint state, the recorder emptying its ring every 64. */
  private void offer(Path folder, Map<String, Double> values) {
    try (EpisodeRecorder recorder =
        new EpisodeRecorder(RecorderSettings.lockstep(folder), new SimulatedClock())) {
      int channel = recorder.channel(channel("/j"));
      RecordRing ring = recorder.ring("bench", 1 << 16);
      MemorySegment cdr = MemorySegment.ofArray(joints);
      int[] count = {0};
      Timing offer =
          Timing.of(() -> {
            if ((++count[0] & 63) == 0) {
              recorder.drain();
            }
            return ring.offer(channel, count[0], 0, cdr, 0, cdr.byteSize()) ? 1 : 0;
          });
      values.put("offer_and_drain_ns", offer.nanos());
      values.put("offer_and_drain_bytes_allocated", offer.bytes());
    }
  }

  /** The recorder's thread beside producers at their real rates. */
  private void realTime(Path folder, Map<String, Double> values) {
    EpisodeRecorder recorder =
        new EpisodeRecorder(RecorderSettings.realTime(folder), new MonotonicClock());
    Stream stream = new Stream(recorder);
    recorder.begin(info("realtime"));
    try (WakefulRunner _ =
        WakefulRunner.start(
            new RecorderAgent(recorder),
            RecorderAgent.rest(),
            (agent, failure) -> failure.printStackTrace())) {
      long cpu = recorderCpuNanos();
      long started = System.nanoTime();
      for (long ms = 0; System.nanoTime() - started < REAL_TIME_NANOS; ms += 2) {
        stream.offer(ms, System.nanoTime());
        LockSupport.parkNanos(started + (ms + 2) * 1_000_000 - System.nanoTime());
      }
      long elapsed = System.nanoTime() - started;
      values.put("recorder_cpu_percent", 100.0 * (recorderCpuNanos() - cpu) / elapsed);
    }
    EpisodeReport report = recorder.end(done());
    values.put(
        "dropped", (double) report.dropped().values().stream().mapToLong(Long::longValue).sum());
  }

  /** A minute of messages at once; returns megabytes of messages a second. */
  private double minute(Path folder) throws IOException {
    SimulatedClock clock = new SimulatedClock();
    EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock);
    Stream stream = new Stream(recorder);
    long started = System.nanoTime();
    recorder.begin(info("minute"));
    for (long ms = 0; ms < SECONDS * 1000; ms += 2) {
      clock.advance(2_000_000);
      stream.offer(ms, clock.nanos());
      recorder.drain();
    }
    EpisodeReport report = recorder.end(done());
    double seconds = (System.nanoTime() - started) / 1e9;
    Files.delete(report.file());
    return stream.bytes / 1e6 / seconds;
  }

  /** The topics of one arm on one producer's ring. */
  private final class Stream {
    private final RecordRing ring;
    private final int[] channels = new int[4];
    private final MemorySegment jointCdr = MemorySegment.ofArray(joints);
    private final MemorySegment imageCdr = MemorySegment.ofArray(image);
    private long bytes;

    Stream(EpisodeRecorder recorder) {
      List<String> topics = List.of("/j", "/c", "/a", "/b");
      Arrays.setAll(channels, i -> recorder.channel(channel(topics.get(i))));
      ring = recorder.ring("bench", 1 << 22);
    }

    void offer(long ms, long now) {
      offer(0, now, jointCdr, joints.length);
      offer(1, now, jointCdr, 92);
      if (ms % 32 == 0) {
        offer(2, now, imageCdr, image.length);
        offer(3, now, imageCdr, image.length);
      }
    }

    private void offer(int topic, long now, MemorySegment cdr, long length) {
      ring.offer(channels[topic], now, 0, cdr, 0, length);
      bytes += length;
    }
  }

  private static Channel channel(String topic) {
    return new Channel(topic, "bench/msg/Bytes", "byte[] data", "", new TopicQos(true, false, 10));
  }

  private static EpisodeInfo info(String name) {
    return new EpisodeInfo(name, "bench", 0, "none", "none", "", Map.of());
  }

  private static EpisodeOutcome done() {
    return EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "");
  }

  private static long recorderCpuNanos() {
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().equals("recorder")) {
        return THREADS.getThreadCpuTime(thread.getThreadId());
      }
    }
    throw new IllegalStateException("no thread is named recorder");
  }

  /** Bytes that compress about as drawn pictures do. */
  private static byte[] slowlyVarying(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (100 + 60 * Math.sin(i / 700.0) + (i % 3) * 10);
    }
    return bytes;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static void clear(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
