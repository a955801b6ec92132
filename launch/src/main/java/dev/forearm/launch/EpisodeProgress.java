package dev.forearm.launch;

import dev.forearm.launch.session.EpisodeResult;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** How far a run of episodes has come, where a person watches; silent elsewhere. */
final class EpisodeProgress implements AutoCloseable {
  private final @Nullable ProgressBar bar;
  private int successes;

  EpisodeProgress(String task, int episodes) {
    bar =
        Output.isTerminal()
            ? new ProgressBarBuilder().setTaskName(task).setInitialMax(episodes).build()
            : null;
  }

  /** One more episode was played. */
  void played(EpisodeResult result) {
    successes += result.success() ? 1 : 0;
    if (bar != null) {
      bar.step();
      bar.setExtraMessage(successes + " succeeded");
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
