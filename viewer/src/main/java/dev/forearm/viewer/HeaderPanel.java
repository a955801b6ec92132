package dev.forearm.viewer;

import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.safety.SafetyReason;

/** What runs, the safety state and its reason, the task's stage, the recorder. */
final class HeaderPanel {
  private static final float PILL = 132;

  private HeaderPanel() {}

  static void draw(Canvas canvas, Rectangle area, Telemetry telemetry) {
    Rectangle content = canvas.begin("header", "", area);
    float y = content.y() + 2;
    float left = content.x();
    float third = content.width() * 0.28f;
    canvas.textWithin(left, y, third, Canvas.LARGE, Palette.TEXT, telemetry.title());
    canvas.textWithin(left, y + 25, third, Canvas.SMALL, Palette.MUTED, telemetry.source());
    safety(canvas, left + third + 16, content, telemetry.control());
    task(canvas, content.x() + content.width() * 0.62f, content, telemetry);
    canvas.end();
  }

  private static void safety(Canvas canvas, float x, Rectangle content, ControlSnapshot control) {
    float y = content.y();
    String state = control.state().name().replace('_', ' ');
    canvas.fill(x, y + 3, PILL, 36, Palette.of(control.state()), 8);
    float half = canvas.width(Canvas.LARGE, state) / 2;
    canvas.text(x + PILL / 2 - half, y + 11, Canvas.LARGE, Palette.DARK, state);
    float textX = x + PILL + 12;
    float room = content.x() + content.width() * 0.62f - textX - 12;
    String meaning = control.reason().meaning();
    String culprit = control.culprit();
    boolean fine = control.reason() == SafetyReason.NONE;
    canvas.textWithin(
        textX, y + 6, room, Canvas.TEXT_SIZE, fine ? Palette.MUTED : Palette.TEXT, meaning);
    String second =
        !culprit.isEmpty() ? culprit : control.fenced() ? "slowed by the workspace box" : "";
    canvas.textWithin(textX, y + 25, room, Canvas.SMALL, Palette.CAUTION, second);
  }

  private static void task(Canvas canvas, float x, Rectangle content, Telemetry telemetry) {
    Telemetry.Task task = telemetry.task();
    float y = content.y();
    float right = content.right();
    float dots = task.stages() * 18f;
    canvas.textWithin(
        x, y + 4, right - x - dots - 10, Canvas.TEXT_SIZE, Palette.TEXT, task.stage());
    for (int i = 0; i < task.stages(); i++) {
      float centre = right - dots + 9 + i * 18;
      if (i < task.done()) {
        canvas.disc(centre, y + 12, 6, Palette.GOOD);
      } else {
        canvas.ring(centre, y + 12, 6, Palette.MUTED, 1.5f);
      }
    }
    float width = canvas.width(Canvas.SMALL, task.episode());
    canvas.text(x, y + 25, Canvas.SMALL, Palette.MUTED, task.episode());
    float recorderX = x + width + 18;
    canvas.textWithin(
        recorderX, y + 25, right - recorderX, Canvas.SMALL, Palette.MUTED, telemetry.recorder());
  }
}
