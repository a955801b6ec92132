package dev.forearm.viewer;

/**
 * Where the panels are:
 *
 * <pre>
 *   +---------------------- header -----------------------+
 *   | cameras |            scene           |    joints    |
 *   |         |----------------------------|              |
 *   |         | top view| foresight | tool |    corner    |
 *   +------------- timeline, of a recording --------------+
 * </pre>
 */
record Layout(
    Rectangle header,
    Rectangle cameras,
    Rectangle scene,
    Rectangle topView,
    Rectangle foresight,
    Rectangle tool,
    Rectangle joints,
    Rectangle corner,
    Rectangle timeline) {
  private static final float GAP = 6;
  private static final float HEADER = 62;
  private static final float TIMELINE = 58;
  private static final float SIDE_SHARE = 0.205f;
  private static final float PLOT_SHARE = 0.31f;
  private static final float CORNER_HEIGHT = 268;

  /** Of a robot that runs. */
  static Layout of(float width, float height) {
    return of(width, height, 0);
  }

  /** Of a recording. */
  static Layout withTimeline(float width, float height) {
    return of(width, height, TIMELINE);
  }

  private static Layout of(float width, float height, float timeline) {
    float top = HEADER + 2 * GAP;
    float foot = timeline == 0 ? GAP : timeline + 2 * GAP;
    float tall = height - top - foot;
    float side = width * SIDE_SHARE;
    float middle = width - 2 * side - 4 * GAP;
    float middleX = side + 2 * GAP;
    float rightX = middleX + middle + GAP;
    float plots = tall * PLOT_SHARE;
    float corner = Math.min(CORNER_HEIGHT, tall / 2);
    float plotY = top + tall - plots;
    float third = (middle - 2 * GAP) / 3;
    return new Layout(
        new Rectangle(GAP, GAP, width - 2 * GAP, HEADER),
        new Rectangle(GAP, top, side, tall),
        new Rectangle(middleX, top, middle, tall - plots - GAP),
        new Rectangle(middleX, plotY, third, plots),
        new Rectangle(middleX + third + GAP, plotY, third, plots),
        new Rectangle(middleX + 2 * (third + GAP), plotY, third, plots),
        new Rectangle(rightX, top, side, tall - corner - GAP),
        new Rectangle(rightX, top + tall - corner, side, corner),
        new Rectangle(GAP, height - timeline - GAP, width - 2 * GAP, timeline));
  }
}
