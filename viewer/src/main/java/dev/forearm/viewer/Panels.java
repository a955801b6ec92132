package dev.forearm.viewer;

import java.util.List;

/** Everything in the window. */
final class Panels implements AutoCloseable {
  private static final double LEAST_FORESIGHT_SPAN = 1;
  private static final double LEAST_HEIGHT_SPAN = 0.1;

  private final Canvas canvas;
  private final LiveModel model;
  private final CameraPanel cameras;
  private final TimePlot foresight;
  private final TimePlot tool;

  Panels(Canvas canvas, LiveModel model, List<CameraFeed> feeds) {
    this.canvas = canvas;
    this.model = model;
    cameras = new CameraPanel(feeds);
    foresight =
        new TimePlot(
            "foresight (of its limits)",
            LEAST_FORESIGHT_SPAN,
            0,
            new TimePlot.Curve("spread", model.spread(), Palette.IMAGINED, false),
            new TimePlot.Curve("realised", model.realised(), Palette.MEASURED, false));
    tool =
        new TimePlot(
            "tool height (m)",
            LEAST_HEIGHT_SPAN,
            model.horizonSeconds(),
            new TimePlot.Curve("imagined", model.imaginedHeight(), Palette.IMAGINED, false),
            new TimePlot.Curve("executed", model.toolHeight(), Palette.MEASURED, false));
  }

  void draw(Layout layout) {
    Telemetry now = model.telemetry();
    HeaderPanel.draw(canvas, layout.header(), now);
    cameras.draw(canvas, layout.cameras());
    TopViewPanel.draw(canvas, layout.topView(), model);
    foresight.draw(canvas, layout.foresight(), model.now());
    tool.draw(canvas, layout.tool(), model.now());
    JointPanel.draw(canvas, layout.joints(), model.robot(), now.control());
    HealthPanel.draw(canvas, layout.health(), model);
  }

  @Override
  public void close() {
    cameras.close();
  }
}
