package dev.forearm.runtime.episode;

import java.nio.file.Path;

/** What the recorder is doing. */
public sealed interface RecorderState {
  /** No episode is open. */
  record Idle() implements RecorderState {}

  /** An episode is being written; {@code file} is what it will be called when complete. */
  record Recording(Path file) implements RecorderState {}

  /** The episode goes on but its recording ended early; the report says why and what is kept. */
  record Stopped(EpisodeReport report) implements RecorderState {}
}
