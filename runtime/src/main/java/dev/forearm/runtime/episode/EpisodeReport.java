package dev.forearm.runtime.episode;

import java.nio.file.Path;
import java.util.Map;

/**
 * What became of an episode's recording.
 *
 * @param file the finished file, or what was written before recording stopped
 * @param complete whether everything up to the episode's end is in it
 * @param reason why not, or empty
 * @param messages messages in the file
 * @param bytes size of the file
 * @param dropped messages lost for want of ring space, by topic; only topics that lost some
 */
public record EpisodeReport(
    Path file,
    boolean complete,
    String reason,
    long messages,
    long bytes,
    Map<String, Long> dropped) {
  public EpisodeReport {
    dropped = Map.copyOf(dropped);
  }
}
