package dev.forearm.ros.robot;

import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.episode.SpokenLabel;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.mcap.McapVisitor;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads back what {@link EpisodeTap} wrote of observations, imaginations, chunks, drivers and
 * commands, and how far the task had come.
 */
public final class EpisodeReader {
  private static final String ENDING = ".mcap";
  private static final String TASK_STATE = "/sim/task_state";
  private static final String STAGE = "stage";

  private EpisodeReader() {}

  /**
   * The episodes at a place: a file, or all of a folder in the order of their names. Those that are
   * being recorded, or whose recorder died, are among them; {@link #read} refuses them.
   *
   * @throws RuntimeFault if there is no such place, or no episode in it
   */
  public static List<Path> files(Path place) {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    try (Stream<Path> all = Files.list(place)) {
      List<Path> files =
          all.filter(file -> file.toString().endsWith(ENDING) || isOpen(file)).sorted().toList();
      if (files.isEmpty()) {
        throw new RuntimeFault(
            "read episodes: found no *%s in %s; record some with 'forearm record'"
                .formatted(ENDING, place));
      }
      return files;
    } catch (IOException e) {
      throw new RuntimeFault("read episodes: found no folder or file %s".formatted(place), e);
    }
  }

  private static boolean isOpen(Path file) {
    return file.toString().endsWith(ENDING + ".open");
  }

  /**
   * Reads one episode, without its commands.
   *
   * @throws RuntimeFault if the file is missing, unfinished or damaged, has no observations, or
   *     holds more than one episode
   */
  public static RecordedPlans read(Path file) {
    return read(file, List.of());
  }

  /**
   * Reads one episode of a robot, with the commands that its joint groups were sent.
   *
   * @throws RuntimeFault as {@link #read(Path)}
   */
  public static RecordedPlans read(Path file, Robot robot) {
    return read(
        file, robot.groups().stream().map(group -> new SentCommands(robot, group)).toList());
  }

  private static RecordedPlans read(Path file, List<SentCommands> groups) {
    if (isOpen(file)) {
      throw new RuntimeFault(
          "read %s: it is being recorded, or its recorder died; then 'forearm episodes repair' keeps what is left"
              .formatted(file));
    }
    try (McapReader reader = McapReader.open(file)) {
      requireOneEpisode(file, reader.metadataRecords(EpisodeInfo.RECORD));
      Plans plans = new Plans(file, groups);
      reader.read(plans.byTopic.keySet(), plans);
      if (plans.observations.isEmpty()) {
        throw new RuntimeFault(
            "read %s: it has no message on %s, wanted an episode as 'forearm record' writes it; leave the file out"
                .formatted(file, EpisodeTap.OBSERVATION));
      }
      RecordedPlans read =
          new RecordedPlans(
              file.toString(),
              reader.metadata(EpisodeInfo.RECORD),
              reader.metadata(EpisodeOutcome.RECORD),
              plans.observations,
              plans.imaginations,
              plans.chunks,
              plans.drivers,
              SentCommands.at(plans.observations.keySet(), groups),
              changes(plans.stages),
              plans.explorations);
      read.actuators().ifPresent(servos -> read.chunks().values().forEach(servos::toPositions));
      plans.explorations.forEach(
          (stamp, added) -> subtract(added, plans.chunks.getOrDefault(stamp, new double[0])));
      RecordedPlans said =
          EpisodeLabels.of(plans.labels, plans.observations.firstKey()).completing(read);
      return EpisodeLabels.read(file).map(labels -> labels.applied(said)).orElse(said);
    }
  }

  private static NavigableMap<Long, Integer> changes(NavigableMap<Long, Integer> stages) {
    NavigableMap<Long, Integer> changes = new TreeMap<>();
    stages.forEach((nanos, stage) -> {
      if (changes.isEmpty() || !stage.equals(changes.lastEntry().getValue())) {
        changes.put(nanos, stage);
      }
    });
    return changes;
  }

  private static void requireOneEpisode(Path file, List<Map<String, String>> infos) {
    if (infos.size() > 1) {
      throw new RuntimeFault(
          "read %s: it holds %s episodes (%s), wanted one; use the files that it was merged from"
              .formatted(
                  file,
                  infos.size(),
                  infos.stream()
                      .map(info -> info.getOrDefault("name", "?"))
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Gathers an episode's messages by topic and stamp. */
  private static final class Plans implements McapVisitor {
    final NavigableMap<Long, float[]> observations = new TreeMap<>();
    final NavigableMap<Long, float[]> imaginations = new TreeMap<>();
    final NavigableMap<Long, double[]> chunks = new TreeMap<>();
    final NavigableMap<Long, double[]> explorations = new TreeMap<>();
    final NavigableMap<Long, Driver> drivers = new TreeMap<>();
    final NavigableMap<Long, Integer> stages = new TreeMap<>();
    final NavigableMap<Long, SpokenLabel> labels = new TreeMap<>();
    final Map<String, Track<?>> byTopic = new HashMap<>();
    private final Path file;

    Plans(Path file, List<SentCommands> groups) {
      this.file = file;
      byTopic.put(
          EpisodeTap.OBSERVATION,
          new Track<>(observations, cdr -> Float32MultiArray.decode(cdr).data()));
      byTopic.put(
          EpisodeTap.IMAGINATION,
          new Track<>(imaginations, cdr -> Float32MultiArray.decode(cdr).data()));
      byTopic.put(
          EpisodeTap.CHUNK, new Track<>(chunks, cdr -> Float64MultiArray.decode(cdr).data()));
      byTopic.put(
          EpisodeTap.EXPLORATION,
          new Track<>(explorations, cdr -> Float64MultiArray.decode(cdr).data()));
      byTopic.put(
          EpisodeTap.DRIVER,
          new Track<>(
              drivers,
              cdr -> Driver.parse(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data())));
      byTopic.put(LabelTopic.RECORDED, new Track<>(labels, LabelTopic::decode));
      byTopic.put(TASK_STATE, new Track<>(stages, cdr -> stage(DiagnosticStatus.decode(cdr))));
      groups.forEach(group -> byTopic.put(group.topic(), new Track<>(group.sent(), group::decode)));
    }

    private static int stage(DiagnosticStatus status) {
      return status.values().stream()
          .filter(value -> value.key().equals(STAGE))
          .mapToInt(value -> Integer.parseInt(value.value()))
          .findFirst()
          .orElseThrow(() -> new RuntimeFault("it has no value '%s'".formatted(STAGE)));
    }

    @Override
    public void message(
        McapChannel channel, long sequence, long logNanos, long publishNanos, ByteBuffer payload) {
      Track<?> track = Objects.requireNonNull(byTopic.get(channel.topic()));
      boolean follows;
      try {
        follows = track.add(sequence, logNanos, copy(payload));
      } catch (RuntimeException e) {
        throw new RuntimeFault(
            "read %s: message %s on %s cannot be decoded (%s); leave the file out"
                .formatted(file, sequence, channel.topic(), e.getMessage()),
            e);
      }
      if (!follows) {
        throw new RuntimeFault(
            "read %s: message %s on %s at %s ns does not follow the one before, as if two episodes were merged; use the files that it was merged from"
                .formatted(file, sequence, channel.topic(), logNanos));
      }
    }
  }

  /** One topic's messages by stamp. */
  private static final class Track<T> {
    private final Map<Long, T> values;
    private final Function<MemorySegment, T> decoder;
    private long lastSequence;

    Track(Map<Long, T> values, Function<MemorySegment, T> decoder) {
      this.values = values;
      this.decoder = decoder;
    }

    /**
     * Adds a message; false if it is another recording's: an episode has one message a stamp, and
     * its sequence, where the writer keeps one, goes up.
     */
    boolean add(long sequence, long logNanos, MemorySegment cdr) {
      boolean follows = sequence == 0 || sequence > lastSequence;
      lastSequence = sequence;
      return values.put(logNanos, decoder.apply(cdr)) == null && follows;
    }
  }

  private static void subtract(double[] added, double[] chunk) {
    for (int i = 0; i < chunk.length; i++) {
      chunk[i] -= added[i % added.length];
    }
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
