package dev.forearm.viewer;

import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.viewer.replay.Marks;
import dev.forearm.viewer.replay.ReplayKeys;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a person said of the episode, and the keys to say it by. */
final class LabelPanel {
  private static final float ROW = 20;

  private LabelPanel() {}

  static void draw(Canvas canvas, Rectangle area, Marks marks) {
    Rectangle content = canvas.begin("label", "label", area);
    Optional<EpisodeLabels> labels = marks.labels();
    Optional<Boolean> success = labels.flatMap(EpisodeLabels::success);
    float y = content.y() + 4;
    canvas.text(
        content.x(),
        y,
        Canvas.LARGE,
        success.map(done -> done ? Palette.GOOD : Palette.BAD).orElse(Palette.MUTED),
        success.map(done -> done ? "success" : "failure").orElse("not labelled"));
    y += ROW + 8;
    String stages =
        labels.stream()
            .flatMap(said -> said.stages().stream())
            .map(stage -> String.format(Locale.ROOT, "%s at %.2f s", stage.done(), stage.seconds()))
            .collect(Collectors.joining(", "));
    canvas.textWithin(
        content.x(),
        y,
        content.width(),
        Canvas.TEXT_SIZE,
        Palette.TEXT,
        stages.isEmpty() ? "no stages" : "stages " + stages);
    y += ROW + 10;
    for (String line : ReplayKeys.HELP) {
      canvas.text(content.x(), y, Canvas.TEXT_SIZE, Palette.MUTED, line);
      y += ROW;
    }
    canvas.end();
  }
}
