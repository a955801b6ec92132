package dev.forearm.launch.node;

import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeReport;
import java.util.Optional;

/** The episodes of a run, by the thread that runs the session. */
public interface RunEpisodes {
  /** Ends the one that is being recorded and begins the next. */
  EpisodeReport cut(EpisodeOutcome outcome);

  /** Writes what just happened as an episode of its own; empty if nothing is remembered. */
  Optional<EpisodeReport> keep();
}
