package dev.forearm.viewer;

import java.util.Locale;

/** Curves over the last seconds, and a little of the future. */
final class TimePlot {
  private static final double PAST_SECONDS = 16;
  private static final float SCALE_WIDTH = 40;
  private static final float FOOT = 16;

  /** One curve. */
  record Curve(String name, History history, int colour, boolean dashed) {}

  private final String name;
  private final double leastSpan;
  private final double futureSeconds;
  private final Curve[] curves;

  /**
   * @param name with the unit of the values
   * @param leastSpan of the value axis
   * @param futureSeconds shown right of now
   */
  TimePlot(String name, double leastSpan, double futureSeconds, Curve... curves) {
    this.name = name;
    this.leastSpan = leastSpan;
    this.futureSeconds = futureSeconds;
    this.curves = curves;
  }

  void draw(Canvas canvas, Rectangle area, double now) {
    Rectangle content = canvas.begin(name, name, area);
    legend(canvas, area);
    Rectangle plot = content.inset(SCALE_WIDTH, 4, 4, FOOT);
    History[] histories = new History[curves.length];
    for (int i = 0; i < curves.length; i++) {
      histories[i] = curves[i].history();
    }
    Axis axis = Axis.over(leastSpan, histories);
    grid(canvas, content, plot, axis);
    canvas.clip(plot);
    for (Curve curve : curves) {
      curve(canvas, plot, axis, curve, now);
    }
    if (futureSeconds > 0) {
      float x = windowX(plot, 0);
      canvas.line(x, plot.y(), x, plot.bottom(), Palette.faded(Palette.TEXT, 0.5), 1);
    }
    canvas.unclip();
    canvas.end();
  }

  private void legend(Canvas canvas, Rectangle area) {
    float right = area.right() - 10;
    for (int i = curves.length - 1; i >= 0 && curves.length > 1; i--) {
      float width = canvas.width(Canvas.SMALL, curves[i].name());
      canvas.text(right - width, area.y() + 6, Canvas.SMALL, curves[i].colour(), curves[i].name());
      right -= width + 14;
    }
  }

  private void grid(Canvas canvas, Rectangle content, Rectangle plot, Axis axis) {
    int digits = (int) Math.max(0, Math.ceil(-Math.log10(axis.step()) - 1e-9));
    for (int i = 0; i < axis.marks(); i++) {
      float y = plot.bottom() - (float) axis.fraction(axis.mark(i)) * plot.height();
      canvas.line(plot.x(), y, plot.right(), y, Palette.GRID, 1);
      String mark = String.format(Locale.ROOT, "%." + digits + "f", axis.mark(i));
      canvas.textToTheLeftOf(plot.x() - 6, y - 7, Canvas.SMALL, Palette.MUTED, mark);
    }
    for (int back = 0; back < PAST_SECONDS; back += 5) {
      float x = windowX(plot, -back);
      canvas.line(x, plot.y(), x, plot.bottom(), Palette.GRID, 1);
      String mark = back == 0 ? "now" : "-" + back + " s";
      float half = canvas.width(Canvas.SMALL, mark) / 2;
      canvas.text(
          Math.min(x - half, content.right() - 2 * half),
          plot.bottom() + 3,
          Canvas.SMALL,
          Palette.MUTED,
          mark);
    }
  }

  private void curve(Canvas canvas, Rectangle plot, Axis axis, Curve curve, double now) {
    History history = curve.history();
    for (int i = 1; i < history.size(); i++) {
      double from = history.second(i - 1) - now;
      double to = history.second(i) - now;
      double before = history.value(i - 1);
      double after = history.value(i);
      if (to < -PAST_SECONDS || Double.isNaN(before) || Double.isNaN(after)) {
        continue;
      }
      float x0 = windowX(plot, from);
      float y0 = plot.bottom() - (float) axis.fraction(before) * plot.height();
      float x1 = windowX(plot, to);
      float y1 = plot.bottom() - (float) axis.fraction(after) * plot.height();
      if (!curve.dashed() || i % 2 == 0) {
        canvas.line(x0, y0, x1, y1, curve.colour(), 1.8f);
      }
    }
  }

  private float windowX(Rectangle plot, double secondsFromNow) {
    double span = PAST_SECONDS + futureSeconds;
    return plot.x() + (float) ((secondsFromNow + PAST_SECONDS) / span * plot.width());
  }
}
