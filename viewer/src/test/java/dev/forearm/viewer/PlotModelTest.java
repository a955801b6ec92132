package dev.forearm.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlotModelTest {
  @Test
  void aHistoryKeepsTheNewestPointsInOrder() {
    History history = new History(3);
    for (int i = 1; i <= 5; i++) {
      history.add(i, 10 * i);
    }
    assertEquals(3, history.size());
    assertEquals(3, history.second(0));
    assertEquals(50, history.value(2));
    assertThrows(IndexOutOfBoundsException.class, () -> history.value(3));
  }

  @Test
  void aHistoryTakesNothingWhileTimeStandsStill() {
    History history = new History(3);
    history.add(1, 1);
    history.add(1, 2);
    assertEquals(1, history.size());
    assertEquals(1, history.value(0));
  }

  @Test
  void anAxisHoldsEveryFinitePointAndEndsOnMarks() {
    History history = new History(8);
    history.add(1, 0.13);
    history.add(2, Double.NaN);
    history.add(3, 0.87);
    Axis axis = Axis.over(0.1, history);
    assertTrue(axis.min() <= 0.13 && axis.max() >= 0.87, axis.toString());
    assertEquals(axis.max(), axis.mark(axis.marks() - 1), 1e-9);
    assertEquals(0, axis.fraction(axis.min()), 1e-12);
    assertEquals(1, axis.fraction(axis.max()), 1e-12);
  }

  @Test
  void anAxisOfNoiseIsNotBlownUp() {
    History history = new History(8);
    history.add(1, 0.5000);
    history.add(2, 0.5001);
    Axis axis = Axis.over(0.1, history);
    assertTrue(axis.max() - axis.min() >= 0.1, axis.toString());
  }

  @Test
  void anAxisOverNothingIsStillAnAxis() {
    Axis axis = Axis.over(0.5, new History(4));
    assertTrue(axis.max() > axis.min() && axis.marks() >= 2, axis.toString());
  }

  @Test
  void fromAboveForwardIsUpAndLeftIsLeft() {
    TopView view =
        new TopView(new WorkspaceBox(0.1, 0.9, -0.5, 0.5, 0, 1), new Rectangle(10, 20, 400, 300));
    assertTrue(view.windowY(0.8) < view.windowY(0.2), "ahead of the robot is up");
    assertTrue(view.windowX(0.3) < view.windowX(-0.3), "its left is left");
    assertEquals(
        view.windowX(-0.1) - view.windowX(0.1), view.windowY(0.1) - view.windowY(0.3), 1e-3f);
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.5", "0.9, 0.5", "0.9, -0.5", "0, 0"})
  void theWorkspaceAndTheBaseAreInThePicture(double x, double y) {
    Rectangle area = new Rectangle(10, 20, 400, 300);
    TopView view = new TopView(new WorkspaceBox(0.1, 0.9, -0.5, 0.5, 0, 1), area);
    assertTrue(view.windowX(y) >= area.x() && view.windowX(y) <= area.right());
    assertTrue(view.windowY(x) >= area.y() && view.windowY(x) <= area.bottom());
  }

  @Test
  void aGaugeSaysWhenAJointIsNearItsLimit() {
    Joint joint = new Joint("elbow", JointUnit.RADIAN, -1, 3, 1, 1);
    JointGauge middle = JointGauge.of(joint, 1, 2);
    assertEquals(0.5, middle.measured(), 1e-12);
    assertEquals(0.75, middle.commanded(), 1e-12);
    assertFalse(middle.nearLimit());
    assertTrue(JointGauge.of(joint, 2.95, 0).nearLimit());
    assertTrue(JointGauge.of(joint, -1.5, 0).nearLimit());
    assertTrue(JointGauge.of(joint, Double.NaN, 0).nearLimit());
  }

  @ParameterizedTest
  @CsvSource({"1360, 820", "1920, 1080", "900, 560", "320, 200"})
  void panelsNeverOverlapAndStayInTheWindow(float width, float height) {
    Layout layout = Layout.withTimeline(width, height);
    List<Rectangle> panels =
        List.of(
            layout.header(),
            layout.cameras(),
            layout.scene(),
            layout.topView(),
            layout.foresight(),
            layout.tool(),
            layout.joints(),
            layout.corner(),
            layout.timeline());
    for (Rectangle panel : panels) {
      assertTrue(panel.width() > 0 && panel.height() > 0, panel.toString());
      assertTrue(panel.x() >= 0 && panel.right() <= width + 0.01f, panel.toString());
      assertTrue(panel.y() >= 0 && panel.bottom() <= height + 0.01f, panel.toString());
      for (Rectangle other : panels) {
        assertTrue(panel.equals(other) || apart(panel, other), panel + " " + other);
      }
    }
  }

  private static boolean apart(Rectangle a, Rectangle b) {
    return a.right() <= b.x() || b.right() <= a.x() || a.bottom() <= b.y() || b.bottom() <= a.y();
  }
}
