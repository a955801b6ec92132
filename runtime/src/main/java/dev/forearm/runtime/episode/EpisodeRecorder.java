package dev.forearm.runtime.episode;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.mcap.ZstdLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the producers' rings into one file per episode. {@link #drain} is the duty: a {@link
 * RecorderAgent} calls it in real time, a lockstep run calls it inline. {@link #begin} and {@link
 * #end} may come from any thread but the producers'; they and the duty exclude each other with the
 * recorder's lock, which no producer ever takes.
 *
 * <p>Between episodes the rings are emptied all the same; of transient-local topics, and of those
 * that are wanted so, the last message is kept and written again at the start of every episode.
 *
 * <p>A disk that fills up or fails ends the recording, never the episode: {@link #state} says so
 * and the duty goes on emptying the rings.
 */
public final class EpisodeRecorder implements AutoCloseable {
  /** Channels one recorder can have. */
  public static final int MAX_CHANNELS = 256;

  private static final Logger LOG = LoggerFactory.getLogger(EpisodeRecorder.class);

  private final RecorderSettings settings;
  private final Clock clock;
  private final List<Channel> channels = new ArrayList<>();
  private final List<RecordRing> rings = new ArrayList<>();
  private final List<@Nullable LatchedMessage> latched = new ArrayList<>();
  private final long[] droppedBefore = new long[MAX_CHANNELS];
  private @Nullable RecentRecords recent;
  private @Nullable EpisodeFile file;
  private int fileChannels;
  private long toFileTimeNanos;
  private final AtomicReference<@Nullable Throwable> producerFailure = new AtomicReference<>();
  private boolean producerFailureLogged;
  private volatile RecorderState state = new RecorderState.Idle();
  private volatile long episodes;

  /**
   * Makes a recorder and its folder, and recovers what a killed recorder left open there.
   *
   * @param clock the runtime's clock, on which producers stamp their records
   * @throws RuntimeFault if the folder cannot be made, or nothing can be compressed here
   */
  public EpisodeRecorder(RecorderSettings settings, Clock clock) {
    this(clock, settings);
    ZstdLibrary.require();
    try {
      Files.createDirectories(settings.folder());
    } catch (IOException e) {
      throw new RuntimeFault(
          "episode folder %s: cannot be made (%s); name a folder that can be written"
              .formatted(settings.folder(), e),
          e);
    }
    recoverWhatWasLeft();
  }

  private EpisodeRecorder(Clock clock, RecorderSettings settings) {
    this.settings = settings;
    this.clock = clock;
  }

  /** A recorder without a folder: it empties its rings and never begins an episode. */
  public static EpisodeRecorder forRehearsal(Clock clock) {
    return new EpisodeRecorder(clock, RecorderSettings.lockstep(Path.of("")));
  }

  private void recoverWhatWasLeft() {
    try {
      for (EpisodeRecovery.Result result : EpisodeRecovery.recoverFolder(settings.folder())) {
        LOG.warn("{}", result.message());
      }
    } catch (RuntimeFault e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /**
   * Adds a topic to record, before or during episodes.
   *
   * @return its number, for {@link RecordRing#offer}
   */
  public synchronized int channel(Channel channel) {
    return channel(channel, channel.qos().transientLocal() ? new LatchedMessage(false) : null);
  }

  /**
   * Adds a topic whose last message before an episode is in its file as well, with the time at
   * which it came: what the first decisions went by.
   *
   * @return its number, for {@link RecordRing#offer}
   */
  public synchronized int channelWithPast(Channel channel) {
    return channel(channel, new LatchedMessage(true));
  }

  private int channel(Channel channel, @Nullable LatchedMessage last) {
    if (channels.size() == MAX_CHANNELS) {
      throw new IllegalStateException(
          "recorded topic '%s' is one too many; a recorder has at most %s"
              .formatted(channel.topic(), MAX_CHANNELS));
    }
    channels.add(channel);
    latched.add(last);
    return channels.size() - 1;
  }

  /**
   * Makes the ring of one more producer thread.
   *
   * @param producer whose it is, for messages to people
   * @param capacityBytes room between two duties and during a stall of the disk; rounded up to a
   *     power of two. A record larger than half of it may never fit
   */
  public synchronized RecordRing ring(String producer, int capacityBytes) {
    RecordRing ring = new RecordRing(producer, capacityBytes);
    rings.add(ring);
    return ring;
  }

  /** What the recorder is doing. Any thread may ask. */
  public RecorderState state() {
    return state;
  }

  /**
   * Keeps the newest records in memory from now on, whether or not an episode is open, for {@link
   * #keep}.
   *
   * @param nanos for so long
   * @param bytes but no more than these, which are taken at once; rounded up to a power of two
   */
  public synchronized void remember(long nanos, int bytes) {
    recent = new RecentRecords(nanos, bytes);
  }

  /**
   * Writes what just happened as an episode of its own, whole or not at all; what was kept once is
   * not kept again. An open episode goes on: what comes meanwhile waits in the rings. Any thread
   * but the producers'.
   *
   * @return whether it was kept and, where it does not reach as far back as was wanted, why
   * @throws IllegalStateException if nothing is remembered
   */
  public synchronized EpisodeReport keep(EpisodeInfo info, EpisodeOutcome outcome) {
    RecentRecords records = recent;
    if (records == null) {
      throw new IllegalStateException("episode '%s': nothing is remembered".formatted(info.name()));
    }
    drain();
    long now = clock.nanos();
    long offset = settings.wallTime() ? wallNanos() - now : 0;
    long oldest = records.isEmpty() ? now : records.oldestNanos();
    boolean reachesBack = records.reachesBack();
    EpisodeFile to = null;
    try {
      to = EpisodeFile.start(settings, info.at(offset), now);
      for (Channel channel : channels) {
        to.addChannel(channel);
      }
      writeLatched(to, oldest + offset, now, false);
      EpisodeFile kept = to;
      records.takeAll(first -> write(kept, first, offset, now));
      Map<String, Long> lost = new LinkedHashMap<>();
      for (int channel = 0; channel < channels.size(); channel++) {
        if (records.tooLarge(channel) > 0) {
          lost.merge(channels.get(channel).topic(), records.tooLarge(channel), Long::sum);
        }
      }
      String seconds = Double.toString((now - oldest) / 1e9);
      Path done = to.finish(outcome.with(Map.of("kept_seconds", seconds)).toMetadata());
      boolean whole = reachesBack && lost.isEmpty();
      return new EpisodeReport(
          done,
          whole,
          whole
              ? ""
              : "it holds %s s of the last %s s; what is older was never there or found no room"
                  .formatted(seconds, records.nanos() / 1e9),
          to.messages(),
          to.bytes(),
          lost);
    } catch (IOException e) {
      if (to != null) {
        to.discard();
      }
      String reason =
          "keep %s: %s; nothing is kept, free the disk"
              .formatted(info.name(), EpisodeFile.reason(e));
      LOG.warn("{}", reason);
      Path wanted = settings.folder().resolve(info.name() + EpisodeFile.ENDING);
      return new EpisodeReport(wanted, false, reason, 0, 0, Map.of());
    }
  }

  /** How many episodes were begun: tells a producer that another has. Any thread. */
  public long episodes() {
    return episodes;
  }

  /**
   * Takes note that a producer failed and offers nothing more: the duty logs it, and the episode's
   * outcome and report say that the recording is not complete. Any thread; never waits.
   */
  public void producerFailed(Throwable cause) {
    producerFailure.compareAndSet(null, cause);
  }

  /**
   * Starts an episode's file. What producers offered before is not in it.
   *
   * @return recording, or stopped with the reason if the file could not be started
   * @throws IllegalStateException if an episode is open
   */
  public synchronized RecorderState begin(EpisodeInfo info) {
    if (!(state instanceof RecorderState.Idle)) {
      throw new IllegalStateException(
          "episode '%s': cannot begin, the recorder is %s".formatted(info.name(), state));
    }
    drain();
    long now = clock.nanos();
    toFileTimeNanos = settings.wallTime() ? wallNanos() - now : 0;
    for (int channel = 0; channel < channels.size(); channel++) {
      droppedBefore[channel] = droppedSoFar(channel);
    }
    try {
      file = EpisodeFile.start(settings, info.at(toFileTimeNanos), now);
      state = new RecorderState.Recording(file.finishedName());
      fileChannels = 0;
      addChannels(file);
      writeLatched(file, now + toFileTimeNanos, now, true);
    } catch (IOException e) {
      stop(settings.folder().resolve(info.name() + EpisodeFile.ENDING), file, e);
    }
    long next = episodes + 1; // under the lock
    episodes = next;
    return state;
  }

  /**
   * The duty: moves what the producers have offered up to now into the file, in order of time, and
   * closes chunks that are due.
   *
   * @return records moved
   */
  public synchronized int drain() {
    long now = clock.nanos();
    Throwable failure = producerFailure.get();
    if (failure != null && !producerFailureLogged) {
      producerFailureLogged = true;
      LOG.error("recording is not complete: what looks on failed", failure);
    }
    for (int i = 0; i < rings.size(); i++) {
      rings.get(i).observe();
    }
    int moved = 0;
    for (RecordRing ring = earliest(); ring != null; ring = earliest()) {
      take(ring, now);
      ring.release();
      moved++;
    }
    EpisodeFile to = file;
    if (to != null) {
      try {
        to.keepUp(now);
      } catch (IOException e) {
        stop(to.name(), to, e);
      }
    }
    return moved;
  }

  /**
   * Ends the episode: everything offered up to now is written, the file is completed and renamed.
   *
   * @throws IllegalStateException if no episode is open
   */
  public synchronized EpisodeReport end(EpisodeOutcome outcome) {
    drain();
    EpisodeReport report =
        switch (state) {
          case RecorderState.Idle() -> throw new IllegalStateException("no episode is open");
          case RecorderState.Recording(Path path) -> finish(path, outcome);
          case RecorderState.Stopped(EpisodeReport early) -> early;
        };
    file = null;
    state = new RecorderState.Idle();
    return report;
  }

  /** Ends an open episode as aborted. The recorder's thread, if it has one, must have ended. */
  @Override
  public synchronized void close() {
    if (!(state instanceof RecorderState.Idle)) {
      end(EpisodeOutcome.of(EpisodeOutcome.Result.ABORTED, "the runtime was shut down"));
    }
  }

  /** Gives up for good: the thread that drains has failed. What was written is kept. */
  synchronized void fail(RuntimeException cause) {
    EpisodeFile to = file;
    if (to != null) {
      stop(to.name(), to, new IOException("the recorder failed: " + cause, cause));
    }
  }

  private @Nullable RecordRing earliest() {
    RecordRing earliest = null;
    for (int i = 0; i < rings.size(); i++) {
      RecordRing ring = rings.get(i);
      if (ring.available() && (earliest == null || ring.logNanos() < earliest.logNanos())) {
        earliest = ring;
      }
    }
    return earliest;
  }

  private void take(RecordRing ring, long now) {
    int channel = ring.channel();
    LatchedMessage last = latched.get(channel);
    if (last != null) {
      last.keep(ring);
    }
    if (recent != null) {
      recent.add(ring);
    }
    EpisodeFile to = file;
    if (to == null) {
      return;
    }
    try {
      addChannels(to);
      write(to, ring, toFileTimeNanos, now);
    } catch (IOException e) {
      stop(to.name(), to, e);
    }
  }

  private static void write(EpisodeFile to, RecordRing first, long offset, long now)
      throws IOException {
    long log = first.logNanos() + offset;
    long publish = first.publishNanos() == 0 ? log : first.publishNanos();
    to.message(
        first.channel(),
        log,
        publish,
        first.payloads(),
        first.payloadOffset(),
        first.length(),
        now);
  }

  private void addChannels(EpisodeFile to) throws IOException {
    while (fileChannels < channels.size()) {
      to.addChannel(channels.get(fileChannels));
      fileChannels++;
    }
  }

  /**
   * @param log time of those that are not dated
   * @param dated whether those that are dated are wanted
   */
  private void writeLatched(EpisodeFile to, long log, long now, boolean dated) throws IOException {
    for (int channel = 0; channel < channels.size(); channel++) {
      LatchedMessage last = latched.get(channel);
      if (last != null && last.length > 0 && (dated || !last.dated)) {
        long at = last.dated ? last.logNanos + toFileTimeNanos : log;
        long publish = last.publishNanos == 0 ? at : last.publishNanos;
        to.message(channel, at, publish, last.payload, 0, last.length, now);
      }
    }
  }

  private EpisodeReport finish(Path path, EpisodeOutcome outcome) {
    EpisodeFile from = file;
    if (from == null) {
      throw new IllegalStateException("recording " + path + " has no file");
    }
    try {
      Path done = from.finish(withDrops(outcome));
      Map<String, Long> lost = dropped();
      if (!lost.isEmpty()) {
        LOG.warn("recording {}: no room in the rings for {}; make them larger", done, lost);
      }
      Throwable failure = producerFailure.get();
      return new EpisodeReport(
          done,
          failure == null,
          failure == null ? "" : "what looks on failed: " + failure,
          from.messages(),
          from.bytes(),
          lost);
    } catch (IOException e) {
      return stop(from.name(), from, e);
    }
  }

  /** Gives the recording up, keeping what was written; the duty goes on emptying the rings. */
  private EpisodeReport stop(Path at, @Nullable EpisodeFile from, IOException cause) {
    String reason =
        "recording %s stopped: %s; %s, free the disk or name another folder for the next episode"
            .formatted(
                at,
                EpisodeFile.reason(cause),
                Files.exists(at) ? "what was recorded before is kept" : "nothing is kept");
    Path kept = at;
    long messages = 0;
    long bytes = 0;
    if (from != null) {
      EpisodeOutcome unknown = EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, reason);
      kept = from.giveUp(withDrops(unknown));
      messages = from.messages();
      bytes = from.bytes();
    }
    file = null;
    EpisodeReport report = new EpisodeReport(kept, false, reason, messages, bytes, dropped());
    state = new RecorderState.Stopped(report);
    LOG.warn("{}", reason);
    return report;
  }

  private Map<String, String> withDrops(EpisodeOutcome outcome) {
    Map<String, String> all = outcome.toMetadata();
    Map<String, Long> lost = dropped();
    all.put("dropped", Long.toString(lost.values().stream().mapToLong(Long::longValue).sum()));
    lost.forEach((topic, count) -> all.put("dropped:" + topic, count.toString()));
    Throwable failure = producerFailure.get();
    if (failure != null) {
      all.put("recording_failure", failure.toString());
    }
    return all;
  }

  /** Records that found no room since the episode began, by topic. */
  private Map<String, Long> dropped() {
    Map<String, Long> lost = new LinkedHashMap<>();
    for (int channel = 0; channel < channels.size(); channel++) {
      long count = droppedSoFar(channel) - droppedBefore[channel];
      if (count > 0) {
        lost.merge(channels.get(channel).topic(), count, Long::sum);
      }
    }
    return lost;
  }

  private long droppedSoFar(int channel) {
    long count = 0;
    for (RecordRing ring : rings) {
      count += ring.dropped(channel);
    }
    return count;
  }

  private static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** The last message of a topic. */
  private static final class LatchedMessage {
    final boolean dated; // written with its own time, not with that of the episode's beginning
    long logNanos;
    ByteBuffer payload = ByteBuffer.allocate(0);
    int length;
    long publishNanos;

    LatchedMessage(boolean dated) {
      this.dated = dated;
    }

    void keep(RecordRing ring) {
      logNanos = ring.logNanos();
      length = ring.length();
      publishNanos = ring.publishNanos();
      if (payload.capacity() < length) {
        payload = ByteBuffer.allocate(length);
      }
      payload.put(0, ring.payloads(), ring.payloadOffset(), length);
    }
  }
}
