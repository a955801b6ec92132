package dev.forearm.ros.robot;

import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads back what {@link EpisodeTap} wrote of observations, imaginations and chunks. */
public final class EpisodeReader {
  private static final String ENDING = ".mcap";

  private EpisodeReader() {}

  /**
   * The finished episodes at a place: a file, or all of a folder in the order of their names.
   *
   * @throws RuntimeFault if there is no such place, or no episode in it
   */
  public static List<Path> files(Path place) {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    try (Stream<Path> all = Files.list(place)) {
      List<Path> files =
          all.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList();
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

  /**
   * Reads one episode.
   *
   * @throws RuntimeFault if the file is missing, unfinished or damaged
   */
  public static RecordedPlans read(Path file) {
    TreeMap<Long, float[]> observations = new TreeMap<>();
    TreeMap<Long, float[]> imaginations = new TreeMap<>();
    TreeMap<Long, double[]> chunks = new TreeMap<>();
    TreeMap<Long, double[]> explorations = new TreeMap<>();
    Set<String> topics =
        Set.of(
            EpisodeTap.OBSERVATION,
            EpisodeTap.IMAGINATION,
            EpisodeTap.CHUNK,
            EpisodeTap.EXPLORATION);
    try (McapReader reader = McapReader.open(file)) {
      reader.read(
          topics,
          (channel, sequence, log, publish, payload) -> {
            MemorySegment cdr = copy(payload);
            try {
              switch (channel.topic()) {
                case EpisodeTap.OBSERVATION ->
                    observations.put(log, Float32MultiArray.decode(cdr).data());
                case EpisodeTap.IMAGINATION ->
                    imaginations.put(log, Float32MultiArray.decode(cdr).data());
                case EpisodeTap.EXPLORATION ->
                    explorations.put(log, Float64MultiArray.decode(cdr).data());
                default -> chunks.put(log, Float64MultiArray.decode(cdr).data());
              }
            } catch (RuntimeException e) {
              throw new RuntimeFault(
                  "read %s: message %d on %s is no array of numbers (%s); leave the file out"
                      .formatted(file, sequence, channel.topic(), e.getMessage()),
                  e);
            }
          });
      explorations.forEach(
          (stamp, added) -> subtract(added, chunks.getOrDefault(stamp, new double[0])));
      return new RecordedPlans(
          file.toString(),
          reader.metadata(EpisodeInfo.RECORD),
          reader.metadata(EpisodeOutcome.RECORD),
          observations,
          imaginations,
          chunks);
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
