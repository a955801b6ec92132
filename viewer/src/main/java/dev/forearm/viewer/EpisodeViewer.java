package dev.forearm.viewer;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.viewer.replay.ReplayKeys;
import dev.forearm.viewer.replay.ReplayKeys.Turn;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The window on recorded episodes, on the thread that asks for it. */
public final class EpisodeViewer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EpisodeViewer.class);

  /** Dear ImGui knows a window's size in the second frame. */
  private static final int FRAMES = 3;

  private final Window window;
  private final Clock clock;
  private Stage stage;

  /** An episode and what draws it. */
  private record Stage(
      Replay replay, ReplayKeys keys, Panels panels, TimelinePanel timeline, Canvas canvas)
      implements AutoCloseable {
    static Stage of(ViewedEpisode episode, Clock clock, Window window) {
      Replay replay = new Replay(episode, clock);
      Canvas canvas = new Canvas(window.fontOfAll());
      return new Stage(
          replay,
          new ReplayKeys(replay.playback(), replay.marks()),
          new Panels(canvas, new ScenePanel(replay.robot()), replay.cameras()),
          new TimelinePanel(replay),
          canvas);
    }

    void draw(Window window) {
      Layout layout = Layout.withTimeline(window.width(), window.height());
      panels.draw(layout, replay.turn());
      LabelPanel.draw(canvas, layout.corner(), replay.marks());
      timeline.draw(canvas, layout.timeline());
    }

    @Override
    public void close() {
      panels.close();
      replay.close();
    }
  }

  private EpisodeViewer(Window window, ViewedEpisode episode, Clock clock) {
    this.window = window;
    this.clock = clock;
    try {
      stage = Stage.of(episode, clock, window);
    } catch (RuntimeException e) {
      window.close();
      throw e;
    }
  }

  /**
   * Replays episodes in a window, until it is closed or a key ends it.
   *
   * @param files one at least
   * @param known what is known of each
   * @param clock by which they play
   * @param stop whether to end
   * @throws ViewerFault if no window can be opened
   * @throws RuntimeFault if the first episode cannot be read
   */
  public static void show(
      List<Path> files, Function<Path, ViewedEpisode> known, Clock clock, BooleanSupplier stop) {
    Window window = Window.open("Forearm: episodes", Viewer.WIDTH, Viewer.HEIGHT);
    try (EpisodeViewer viewer = new EpisodeViewer(window, known.apply(files.getFirst()), clock)) {
      viewer.stage.replay().playback().toggle();
      int place = 0;
      while (!window.shouldClose() && !stop.getAsBoolean()) {
        if (!window.beginFrame(Viewer.FRAME_SECONDS)) {
          continue;
        }
        Turn turn = WindowKeys.look(viewer.stage.keys());
        if (turn == Turn.END) {
          break;
        }
        int next = turn.from(place, files.size());
        if (next != place && viewer.goTo(known, files.get(next))) {
          place = next;
        }
        viewer.stage.draw(window);
        window.endFrame();
        window.present();
      }
    }
  }

  /**
   * Writes one picture of an episode as PNG, without a display.
   *
   * @param seconds after its first observation
   * @throws ViewerFault if there is no OpenGL, or the picture cannot be written
   * @throws RuntimeFault if the episode cannot be read
   */
  public static void picture(ViewedEpisode episode, double seconds, Path png, Clock clock) {
    Window window = Window.hidden(Viewer.WIDTH, Viewer.HEIGHT);
    try (EpisodeViewer viewer = new EpisodeViewer(window, episode, clock)) {
      viewer.stage.replay().playback().seekSeconds(seconds);
      for (int frame = 0; frame < FRAMES; frame++) {
        if (!window.beginFrame(Viewer.FRAME_SECONDS)) {
          throw new ViewerFault("a picture of an episode: the hidden window has no size");
        }
        viewer.stage.draw(window);
        window.endFrame();
      }
      window.save(png);
    }
  }

  private boolean goTo(Function<Path, ViewedEpisode> known, Path file) {
    try {
      Stage next = Stage.of(known.apply(file), clock, window);
      stage.close();
      stage = next;
      stage.replay().playback().toggle();
      return true;
    } catch (RuntimeFault unreadable) {
      LOG.warn("{}; staying", unreadable.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    stage.close();
    window.close();
  }
}
