package dev.forearm.viewer;

import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.viewer.replay.Playback;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The whole of an episode, safety states in their colours, and where it is; the mouse seeks. */
final class TimelinePanel {
  private static final int PIECES = 400;
  private static final float BAR = 12;

  private final Replay replay;
  private final MouseDrag drag = new MouseDrag();
  private final List<State> states = new ArrayList<>();

  /** A safety state from one fraction of the episode to another. */
  private record State(double from, double to, int colour) {}

  TimelinePanel(Replay replay) {
    this.replay = replay;
    Playback playback = replay.playback();
    long start = playback.startNanos();
    for (int i = 0; i < PIECES; i++) {
      long nanos = start + (playback.endNanos() - start) * i / PIECES;
      int colour = replay.stateAt(nanos).map(Palette::of).orElse(Palette.RAISED);
      boolean goesOn = !states.isEmpty() && states.getLast().colour() == colour;
      double from = goesOn ? states.removeLast().from() : (double) i / PIECES;
      states.add(new State(from, (i + 1.0) / PIECES, colour));
    }
  }

  void draw(Canvas canvas, Rectangle area) {
    Playback playback = replay.playback();
    Rectangle content = canvas.begin("timeline", "", area);
    Rectangle bar = new Rectangle(content.x(), content.y() + 22, content.width(), BAR);
    drag.look(new Rectangle(bar.x(), bar.y() - 6, bar.width(), bar.height() + 14));
    if (drag.isBy(MouseDrag.LEFT)) {
      playback.seekFraction(Math.clamp((drag.x() - bar.x()) / bar.width(), 0, 1));
    }
    words(canvas, content, playback);
    for (State state : states) {
      float from = bar.x() + (float) state.from() * bar.width();
      float to = bar.x() + (float) state.to() * bar.width();
      canvas.fill(from, bar.y(), to - from, BAR, state.colour(), 0);
    }
    float now = bar.x() + (float) playback.fraction() * bar.width();
    int veil = Palette.faded(Palette.PANEL, 0.6);
    canvas.fill(now, bar.y(), bar.right() - now, BAR, veil, 0); // what is still to come
    replay
        .marks()
        .labels()
        .map(EpisodeLabels::stages)
        .orElse(List.of())
        .forEach(stage -> {
          long nanos = playback.zeroNanos() + Math.round(stage.seconds() * 1e9);
          float x = bar.x() + (float) playback.fractionOf(nanos) * bar.width();
          canvas.line(x, bar.y() - 3, x, bar.bottom() + 3, Palette.TEXT, 2);
          String number = Integer.toString(stage.done());
          canvas.text(x + 4, bar.y() - 2, Canvas.SMALL, Palette.TEXT, number);
        });
    canvas.fill(now - 2, bar.y() - 5, 4, BAR + 10, Palette.TEXT, 2);
    canvas.end();
  }

  private static void words(Canvas canvas, Rectangle content, Playback playback) {
    String time =
        String.format(Locale.ROOT, "%.2f s of %.2f s", playback.seconds(), playback.endSeconds());
    canvas.text(content.x(), content.y() - 2, Canvas.TEXT_SIZE, Palette.TEXT, time);
    String pace =
        "%s, x%s"
            .formatted(
                playback.plays() ? "playing" : "standing",
                playback.speed() >= 1
                    ? Long.toString(Math.round(playback.speed()))
                    : "1/" + Math.round(1 / playback.speed()));
    canvas.textToTheLeftOf(content.right(), content.y() - 2, Canvas.TEXT_SIZE, Palette.MUTED, pace);
  }
}
