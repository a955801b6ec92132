package dev.forearm.viewer;

import dev.forearm.runtime.agent.CycleSummary;
import java.util.Locale;

/** How regular the control thread is and how long the policy thinks. */
final class HealthPanel {
  private static final float ROW = 21;

  private final Canvas canvas;
  private final Rectangle content;
  private float y;

  private HealthPanel(Canvas canvas, Rectangle content) {
    this.canvas = canvas;
    this.content = content;
    y = content.y() + 4;
  }

  static void draw(Canvas canvas, Rectangle area, Telemetry.Loops loops, double wantedHz) {
    HealthPanel panel = new HealthPanel(canvas, canvas.begin("health", "loops", area));
    panel.control(loops.cycles(), wantedHz);
    panel.inference(loops);
    canvas.end();
  }

  private void control(CycleSummary cycles, double wantedHz) {
    boolean exact = Math.abs(cycles.meanHz() - wantedHz) <= 0.001 * wantedHz;
    row(
        "control rate",
        String.format(Locale.ROOT, "%.2f Hz", cycles.meanHz()),
        exact ? Palette.GOOD : Palette.CAUTION);
    row("period p50", micros(cycles.periodP50Micros()), Palette.TEXT);
    row("period p99", micros(cycles.periodP99Micros()), Palette.TEXT);
    row("period max", micros(cycles.periodMaxMicros()), Palette.TEXT);
    row("work p99", micros(cycles.workP99Micros()), Palette.TEXT);
    row(
        "missed cycles",
        "%s of %s".formatted(cycles.missed(), cycles.cycles()),
        cycles.missed() == 0 ? Palette.GOOD : Palette.CAUTION);
    double bytes = cycles.bytesPerCycle();
    row(
        "allocated per cycle",
        Double.isNaN(bytes) ? "warming up" : String.format(Locale.ROOT, "%.2f B", bytes),
        bytes == 0 ? Palette.GOOD : Double.isNaN(bytes) ? Palette.MUTED : Palette.CAUTION);
    y += 8;
  }

  private void inference(Telemetry.Loops loops) {
    row("inference p50", micros(loops.inferenceP50Micros()), Palette.TEXT);
    row("inference p99", micros(loops.inferenceP99Micros()), Palette.TEXT);
    row(
        "refused chunks",
        Long.toString(loops.refusals()),
        loops.refusals() == 0 ? Palette.GOOD : Palette.CAUTION);
  }

  private void row(String name, String value, int colour) {
    canvas.text(content.x(), y, Canvas.TEXT_SIZE, Palette.MUTED, name);
    canvas.textToTheLeftOf(content.right(), y, Canvas.TEXT_SIZE, colour, value);
    y += ROW;
  }

  private static String micros(double micros) {
    return micros < 10_000
        ? String.format(Locale.ROOT, "%.0f us", micros)
        : String.format(Locale.ROOT, "%.1f ms", micros / 1000);
  }
}
