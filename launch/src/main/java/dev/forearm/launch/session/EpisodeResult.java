package dev.forearm.launch.session;

import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeReport;
import java.util.Map;
import java.util.Optional;

/**
 * How one episode went.
 *
 * @param seed of its start state
 * @param outcome how it ended
 * @param detail one line on that, for people
 * @param stage stages done
 * @param stages stages in all
 * @param attempts as {@link TaskState#attempts}
 * @param seconds from engaging to the end of any tail, on the session's clock
 * @param recording what became of its file; empty where nothing was recorded
 */
public record EpisodeResult(
    long seed,
    EpisodeOutcome.Result outcome,
    String detail,
    int stage,
    int stages,
    Map<String, Integer> attempts,
    double seconds,
    Optional<EpisodeReport> recording) {

  public boolean success() {
    return outcome == EpisodeOutcome.Result.SUCCESS;
  }

  /** Whether it was ended early, since it got no further. */
  public boolean gaveUp() {
    return outcome == EpisodeOutcome.Result.GAVE_UP;
  }
}
