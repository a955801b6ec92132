package dev.forearm.launch.learn;

import dev.forearm.launch.session.Mind;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.mcap.McapReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The episodes that a learner played, a folder for each iteration, bounded on the disk: where they
 * take more, the oldest failures go first, then the oldest successes; those in which the expert
 * drove too are demonstrations and stay. What goes is a function of what is there, and goes in one
 * order, so whoever is killed on the way and begins again ends up with the same. One thread.
 */
final class ReplayStore {
  private static final Set<String> DEMONSTRATORS = Set.of(Mind.COACHED, Mind.EXPERT);

  private final Path folder;
  private final long mostBytes;

  /**
   * @param mostBytes of the episodes together; 0: no bound
   */
  ReplayStore(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** Where the episodes of an iteration lie. */
  Path folder(int iteration) {
    return folder.resolve(String.format(Locale.ROOT, "%04d", iteration));
  }

  /** Whether an iteration's episodes are there, some of them at least. */
  boolean holds(int iteration) {
    return !episodes(iteration).isEmpty();
  }

  /**
   * Keeps to the bound.
   *
   * @param iterations that are done: what lies there of later ones is not looked at
   * @return whether any episode went
   */
  boolean bound(int iterations) {
    if (mostBytes == 0) {
      return false;
    }
    List<Path> all = new ArrayList<>();
    for (int iteration = 1; iteration <= iterations; iteration++) {
      all.addAll(episodes(iteration));
    }
    long bytes = all.stream().mapToLong(ReplayStore::size).sum();
    if (bytes <= mostBytes) {
      return false;
    }
    boolean dropped = false;
    for (Episode each :
        all.stream().map(ReplayStore::read).sorted(Comparator.comparing(Episode::worth)).toList()) {
      if (bytes <= mostBytes || each.worth == Worth.DEMONSTRATION) {
        break;
      }
      bytes -= size(each.file);
      delete(each.file);
      dropped = true;
    }
    return dropped;
  }

  /** In the order in which they go; within one, the oldest first, which a stable sort keeps. */
  private enum Worth {
    FAILURE,
    SUCCESS,
    DEMONSTRATION
  }

  private record Episode(Path file, Worth worth) {}

  private static Episode read(Path file) {
    try (McapReader reader = McapReader.open(file)) {
      Map<String, String> info = reader.metadata(EpisodeInfo.RECORD);
      String result = reader.metadata(EpisodeOutcome.RECORD).getOrDefault("result", "");
      boolean success =
          result.equals(EpisodeOutcome.Result.SUCCESS.name().toLowerCase(Locale.ROOT));
      boolean shown = DEMONSTRATORS.contains(info.getOrDefault("bundle", ""));
      return new Episode(
          file, !success ? Worth.FAILURE : shown ? Worth.DEMONSTRATION : Worth.SUCCESS);
    } catch (RuntimeFault unreadable) {
      return new Episode(file, Worth.FAILURE);
    }
  }

  private List<Path> episodes(int iteration) {
    Path place = folder(iteration);
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(".mcap")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("learner: " + place, e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("learner: " + file, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("learner: " + file + " cannot be removed", e);
    }
  }
}
