package dev.forearm.viewer;

/**
 * Where the panels are:
 *
 * <pre>
 *   +--------------------- header ----------------------+
 *   | cameras |        top view        |     joints     |
 *   |         |------------------------|                |
 *   |         |   foresight | tool     |     health     |
 *   +---------------------------------------------------+
 * </pre>
 */
record Layout(
    Rectangle header,
    Rectangle cameras,
    Rectangle topView,
    Rectangle foresight,
    Rectangle tool,
    Rectangle joints,
    Rectangle health) {
  private static final float GAP = 6;
  private static final float HEADER = 62;
  private static final float SIDE_SHARE = 0.255f;
  private static final float PLOT_SHARE = 0.34f;
  private static final float HEALTH_HEIGHT = 268;

  static Layout of(float width, float height) {
    float top = HEADER + 2 * GAP;
    float tall = height - top - GAP;
    float side = width * SIDE_SHARE;
    float middle = width - 2 * side - 4 * GAP;
    float middleX = side + 2 * GAP;
    float rightX = middleX + middle + GAP;
    float plots = tall * PLOT_SHARE;
    float health = Math.min(HEALTH_HEIGHT, tall / 2);
    float plotY = top + tall - plots;
    float half = (middle - GAP) / 2;
    return new Layout(
        new Rectangle(GAP, GAP, width - 2 * GAP, HEADER),
        new Rectangle(GAP, top, side, tall),
        new Rectangle(middleX, top, middle, tall - plots - GAP),
        new Rectangle(middleX, plotY, half, plots),
        new Rectangle(middleX + half + GAP, plotY, half, plots),
        new Rectangle(rightX, top, side, tall - health - GAP),
        new Rectangle(rightX, top + tall - health, side, health));
  }
}
