package dev.forearm.viewer;

import dev.forearm.runtime.robot.WorkspaceBox;

/**
 * The base frame's x-y plane in a rectangle of the window, seen from above by somebody behind the
 * robot: x away (up), y to the left. One scale for both axes; the workspace box fits with a margin.
 */
final class TopView {
  private static final double MARGIN = 1.12;

  private final Rectangle area;
  private final double centreX;
  private final double centreY;
  private final double pixelsPerMetre;

  TopView(WorkspaceBox box, Rectangle area) {
    this.area = area;
    double nearX = Math.min(0, box.xMin()); // the base itself is in the picture
    centreX = (nearX + box.xMax()) / 2;
    centreY = (box.yMin() + box.yMax()) / 2;
    pixelsPerMetre =
        Math.min(
            area.height() / ((box.xMax() - nearX) * MARGIN),
            area.width() / ((box.yMax() - box.yMin()) * MARGIN));
  }

  /** Window x of a point in the base frame, m. */
  float windowX(double y) {
    return (float) (area.x() + area.width() / 2 - (y - centreY) * pixelsPerMetre);
  }

  /** Window y of a point in the base frame, m. */
  float windowY(double x) {
    return (float) (area.y() + area.height() / 2 - (x - centreX) * pixelsPerMetre);
  }

  double pixelsPerMetre() {
    return pixelsPerMetre;
  }
}
