package dev.forearm.viewer;

import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.List;
import java.util.Locale;

/** Tool and objects from above: where they are, and where they are imagined to be going. */
final class TopViewPanel {
  private static final double GRID_METRES = 0.2;
  private static final float ROOM_FOR_WORDS = 260; // pixels of height
  private static final int X = 0;
  private static final int Y = 1;

  private TopViewPanel() {}

  static void draw(Canvas canvas, Rectangle area, LiveModel model) {
    Rectangle content =
        canvas.begin("top view", "from above (" + model.robot().baseFrame() + ")", area);
    legend(canvas, area);
    canvas.clip(content);
    TopView view = new TopView(model.robot().workspace(), content);
    ground(canvas, view, model.robot().workspace(), content.height() > ROOM_FOR_WORDS);
    trail(canvas, view, model);
    List<Telemetry.SeenObject> objects = model.telemetry().objects();
    for (int i = 0; i < objects.size(); i++) {
      object(canvas, view, objects.get(i), Palette.of(objects.get(i).name(), i));
    }
    if (model.imagines()) {
      model.tracks().stream()
          .filter(PointTrack::isImagined)
          .forEach(track -> future(canvas, view, model, track));
    }
    tool(canvas, view, model);
    canvas.unclip();
    canvas.end();
  }

  private static void legend(Canvas canvas, Rectangle area) {
    float y = area.y() + 6;
    float right = area.right() - 10;
    canvas.textToTheLeftOf(right, y, Canvas.SMALL, Palette.MEASURED, "tool");
  }

  private static void ground(Canvas canvas, TopView view, WorkspaceBox box, boolean words) {
    double nearX = Math.min(0, box.xMin());
    for (double x = Math.ceil(nearX / GRID_METRES); x * GRID_METRES <= box.xMax(); x++) {
      float y = view.windowY(x * GRID_METRES);
      canvas.line(view.windowX(box.yMax()), y, view.windowX(box.yMin()), y, Palette.GRID, 1);
      if (words) {
        canvas.text(
            view.windowX(box.yMax()) + 4,
            y - 14,
            Canvas.SMALL,
            Palette.faded(Palette.MUTED, 0.7),
            String.format(Locale.ROOT, "x %.1f m", x * GRID_METRES));
      }
    }
    for (double y = Math.ceil(box.yMin() / GRID_METRES); y * GRID_METRES <= box.yMax(); y++) {
      float x = view.windowX(y * GRID_METRES);
      canvas.line(x, view.windowY(nearX), x, view.windowY(box.xMax()), Palette.GRID, 1);
    }
    float left = view.windowX(box.yMax());
    float top = view.windowY(box.xMax());
    canvas.outline(
        left,
        top,
        view.windowX(box.yMin()) - left,
        view.windowY(box.xMin()) - top,
        Palette.faded(Palette.MUTED, 0.6));
    if (words) {
      canvas.text(left + 4, top + 3, Canvas.SMALL, Palette.MUTED, "workspace");
    }
    float baseX = view.windowX(0);
    float baseY = view.windowY(0);
    canvas.ring(baseX, baseY, 7, Palette.MUTED, 2);
    canvas.text(baseX + 12, baseY - 7, Canvas.SMALL, Palette.MUTED, "base");
  }

  private static void trail(Canvas canvas, TopView view, LiveModel model) {
    History xs = model.trail(X);
    History ys = model.trail(Y);
    for (int i = 1; i < xs.size(); i++) {
      double age = 1 - (double) i / xs.size();
      canvas.line(
          view.windowX(ys.value(i - 1)),
          view.windowY(xs.value(i - 1)),
          view.windowX(ys.value(i)),
          view.windowY(xs.value(i)),
          Palette.faded(Palette.MEASURED, 0.6 * (1 - age)),
          2);
    }
  }

  private static void object(Canvas canvas, TopView view, Telemetry.SeenObject object, int colour) {
    float x = view.windowX(object.pose()[Y]);
    float y = view.windowY(object.pose()[X]);
    canvas.fill(x - 7, y - 7, 14, 14, colour, 3);
    canvas.text(
        x + 11, y - 6, Canvas.SMALL, Palette.faded(colour, 0.85), object.name().replace('_', ' '));
  }

  private static void future(Canvas canvas, TopView view, LiveModel model, PointTrack track) {
    float x = view.windowX(model.observed(track, Y));
    float y = view.windowY(model.observed(track, X));
    for (int frame = 0; frame < model.frames(); frame++) {
      float nextX = view.windowX(model.imagined(track, frame, Y));
      float nextY = view.windowY(model.imagined(track, frame, X));
      double certainty = 1 - 0.5 * frame / model.frames();
      int colour = Palette.faded(Palette.IMAGINED, certainty);
      canvas.dashes(x, y, nextX, nextY, colour, 1.6f);
      canvas.ring(nextX, nextY, track.isTool() ? 5 : 3.5f, colour, 1.6f);
      x = nextX;
      y = nextY;
    }
  }

  private static void tool(Canvas canvas, TopView view, LiveModel model) {
    if (!model.measures()) {
      return;
    }
    float x = view.windowX(model.toolPoint()[Y]);
    float y = view.windowY(model.toolPoint()[X]);
    canvas.ring(x, y, 9, Palette.MEASURED, 2);
    canvas.line(x - 13, y, x + 13, y, Palette.MEASURED, 1.5f);
    canvas.line(x, y - 13, x, y + 13, Palette.MEASURED, 1.5f);
  }
}
