package dev.forearm.launch;

import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.EpisodeReport;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How much of what just happened is remembered, for {@code forearm keep}. */
final class KeepOptions {
  @Option(
      names = "--keep-seconds",
      paramLabel = "SECONDS",
      description = {
        "Remember the last so many seconds, which 'forearm keep' or an Empty on forearm/keep",
        "writes as an episode of their own (default: none)."
      })
  private double seconds;

  @Option(
      names = "--keep-mib",
      paramLabel = "MIB",
      defaultValue = "256",
      description = "In no more memory than this (default: ${DEFAULT-VALUE}, at most 1024).")
  private int mebibytes;

  /**
   * Has the recorder remember.
   *
   * @throws LaunchFailure if the time or the memory makes no sense
   */
  void applyTo(EpisodeRecorder recorder) {
    if (!(seconds >= 0) || mebibytes < 1 || mebibytes > 1024) {
      throw new LaunchFailure(
          "--keep-seconds %s --keep-mib %s: wanted 0 s or more and 1 to 1024 MiB"
              .formatted(seconds, mebibytes));
    }
    if (seconds > 0) {
      recorder.remember(Math.round(seconds * 1e9), mebibytes << 20);
    }
  }

  /** Keeps what just happened, and says so; empty if nothing is remembered. */
  Optional<EpisodeReport> keep(EpisodeRecorder recorder, EpisodeInfo info) {
    if (seconds == 0) {
      System.out.println("keep: nothing is remembered; start with --keep-seconds");
      return Optional.empty();
    }
    EpisodeReport kept =
        recorder.keep(
            info, EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "kept after the fact"));
    System.out.printf(
        "kept       %s: %s messages, %s bytes%s%s%n",
        kept.file(),
        kept.messages(),
        kept.bytes(),
        kept.reason().isEmpty() ? "" : "; " + kept.reason(),
        kept.dropped().isEmpty() ? "" : "; too large: " + kept.dropped());
    return Optional.of(kept);
  }
}
