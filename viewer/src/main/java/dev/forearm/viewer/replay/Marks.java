package dev.forearm.viewer.replay;

import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeLabels.Stage;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What a person says of one episode; every word is written beside it at once. */
public final class Marks {
  private final Path episode;
  private final Deque<Optional<EpisodeLabels>> before = new ArrayDeque<>(); // the newest first
  private Optional<EpisodeLabels> labels;

  /**
   * Goes on from what was said of it before.
   *
   * @throws dev.forearm.runtime.RuntimeFault if that is malformed
   */
  public Marks(Path episode) {
    this.episode = episode;
    labels = EpisodeLabels.read(episode);
  }

  /** What was said; empty if nothing was. */
  public Optional<EpisodeLabels> labels() {
    return labels;
  }

  /** The task was done, or was not. */
  public void success(boolean done) {
    say(Optional.of(new EpisodeLabels(Optional.of(done), stages())));
  }

  /**
   * A stage was done. What was said of the same stage before, or contradicts this, is forgotten.
   *
   * @param done stages done from then on, 1 or more
   * @param seconds after the first observation; before it counts as then
   */
  public void stage(int done, double seconds) {
    Stage stage = new Stage(done, Math.max(0, seconds));
    List<Stage> kept = new ArrayList<>();
    for (Stage other : stages()) {
      boolean before = other.done() < done && other.seconds() < stage.seconds();
      boolean after = other.done() > done && other.seconds() > stage.seconds();
      if (before || after) {
        kept.add(other);
      }
    }
    kept.add(stage);
    kept.sort(Comparator.comparingInt(Stage::done));
    say(Optional.of(new EpisodeLabels(labels.flatMap(EpisodeLabels::success), kept)));
  }

  /** Nothing was said, as before anybody did. */
  public void clear() {
    say(Optional.empty());
  }

  /** Takes the last word back, if there was one. */
  public void undo() {
    if (!before.isEmpty()) {
      write(before.pop());
    }
  }

  /** Takes every word back that was said here. */
  public void revert() {
    if (!before.isEmpty()) {
      write(before.getLast());
      before.clear();
    }
  }

  private List<Stage> stages() {
    return labels.map(EpisodeLabels::stages).orElse(List.of());
  }

  private void say(Optional<EpisodeLabels> next) {
    Optional<EpisodeLabels> last = labels;
    write(next);
    before.push(last);
  }

  private void write(Optional<EpisodeLabels> next) {
    next.ifPresentOrElse(said -> said.write(episode), () -> EpisodeLabels.delete(episode));
    labels = next;
  }
}
