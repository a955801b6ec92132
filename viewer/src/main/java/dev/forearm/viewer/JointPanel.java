package dev.forearm.viewer;

import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import java.util.Locale;

/** Each joint between its limits: a bar where it is measured, a mark where it is commanded. */
final class JointPanel {
  private static final float TALLEST_ROW = 46;
  private static final float BAR = 10;

  private JointPanel() {}

  static void draw(Canvas canvas, Rectangle area, Robot robot, ControlSnapshot control) {
    Rectangle content = canvas.begin("joints", "joints between their limits", area);
    canvas.textToTheLeftOf(
        area.right() - 10, area.y() + 6, Canvas.SMALL, Palette.IMAGINED, "| commanded");
    int count = robot.jointCount();
    float row = Math.min(TALLEST_ROW, content.height() / count);
    for (int j = 0; j < count; j++) {
      Rectangle line = new Rectangle(content.x(), content.y() + 4 + j * row, content.width(), row);
      joint(canvas, line, robot.joints().get(j), control, j);
    }
    canvas.end();
  }

  private static void joint(
      Canvas canvas, Rectangle line, Joint joint, ControlSnapshot control, int j) {
    double measured = control.measured()[j];
    JointGauge gauge = JointGauge.of(joint, measured, control.command()[j]);
    boolean known = control.cycle() > 0;
    canvas.text(line.x(), line.y(), Canvas.SMALL, Palette.TEXT, joint.name());
    String value = known ? inWords(joint, measured) : "--";
    canvas.textToTheLeftOf(line.right(), line.y(), Canvas.SMALL, Palette.MUTED, value);
    float barY = line.y() + 17;
    canvas.fill(line.x(), barY, line.width(), BAR, Palette.RAISED, 3);
    if (!known) {
      return;
    }
    float middle = line.x() + line.width() * (float) clamp(zero(joint));
    float end = line.x() + line.width() * (float) clamp(gauge.measured());
    int colour = gauge.nearLimit() ? Palette.CAUTION : Palette.MEASURED;
    canvas.fill(Math.min(middle, end), barY, Math.max(2, Math.abs(end - middle)), BAR, colour, 2);
    if (control.state().commands()) {
      float mark = line.x() + line.width() * (float) clamp(gauge.commanded());
      canvas.fill(mark - 1.5f, barY - 3, 3, BAR + 6, Palette.IMAGINED, 1);
    }
  }

  /** Bars start at zero where that is a position, else at the nearer limit. */
  private static double zero(Joint joint) {
    return JointGauge.of(joint, 0, 0).measured();
  }

  private static String inWords(Joint joint, double position) {
    return joint.unit() == JointUnit.METRE
        ? String.format(Locale.ROOT, "%.1f mm", 1000 * position)
        : String.format(Locale.ROOT, "%.3f rad", position);
  }

  private static double clamp(double fraction) {
    return Math.clamp(fraction, 0, 1);
  }
}
