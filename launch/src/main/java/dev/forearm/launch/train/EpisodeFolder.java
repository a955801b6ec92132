package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.samples.EpisodeSamples;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The episodes at a place, of which an odd one is reported and skipped. */
final class EpisodeFolder {
  private EpisodeFolder() {}

  /**
   * Adds the samples of all episodes at {@code place}.
   *
   * @param report told in a line of each file that is skipped, and why
   * @return how many were skipped
   * @throws RuntimeFault if there is no episode, or {@code place} is a file that cannot be read
   * @throws ModelsFault if {@code place} is a file that the bundle cannot learn from
   * @throws LaunchFailure if every file was skipped
   */
  static int read(Path place, EpisodeSamples samples, Consumer<String> report) {
    List<Path> files = EpisodeReader.files(place);
    int skipped = 0;
    for (Path file : files) {
      try {
        samples.add(EpisodeReader.read(file));
      } catch (RuntimeFault | ModelsFault e) {
        if (!Files.isDirectory(place)) {
          throw e;
        }
        report.accept("skipped: " + e.getMessage());
        skipped++;
      }
    }
    if (skipped == files.size()) {
      throw new LaunchFailure(
          "read episodes: all %s in %s were skipped, for the reasons above"
              .formatted(skipped, place));
    }
    return skipped;
  }
}
