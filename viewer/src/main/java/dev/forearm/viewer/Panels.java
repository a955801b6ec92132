package dev.forearm.viewer;

import java.util.List;

/** Everything in the window. */
final class Panels implements AutoCloseable {
  private static final double LEAST_FORESIGHT_SPAN = 1;
  private static final double LEAST_HEIGHT_SPAN = 0.1;

  private final Canvas canvas;
  private final CameraPanel cameras;
  private final ScenePanel scene;

  Panels(Canvas canvas, ScenePanel scene, List<? extends Camera> cameras) {
    this.canvas = canvas;
    this.scene = scene;
    this.cameras = new CameraPanel(cameras);
  }

  void draw(Layout layout, LiveModel model) {
    Telemetry now = model.telemetry();
    HeaderPanel.draw(canvas, layout.header(), now);
    cameras.draw(canvas, layout.cameras());
    scene.draw(canvas, layout.scene(), model);
    TopViewPanel.draw(canvas, layout.topView(), model);
    new TimePlot(
            "foresight (of its limits)",
            LEAST_FORESIGHT_SPAN,
            0,
            new TimePlot.Curve("spread", model.spread(), Palette.IMAGINED, false),
            new TimePlot.Curve("realised", model.realised(), Palette.MEASURED, false))
        .draw(canvas, layout.foresight(), model.now());
    new TimePlot(
            "tool height (m)",
            LEAST_HEIGHT_SPAN,
            model.horizonSeconds(),
            new TimePlot.Curve("imagined", model.imaginedHeight(), Palette.IMAGINED, false),
            new TimePlot.Curve("executed", model.toolHeight(), Palette.MEASURED, false))
        .draw(canvas, layout.tool(), model.now());
    JointPanel.draw(canvas, layout.joints(), model.robot(), now.control());
    now.loops()
        .ifPresent(loops ->
            HealthPanel.draw(
                canvas, layout.corner(), loops, 1e9 / model.robot().controlPeriodNanos()));
  }

  @Override
  public void close() {
    cameras.close();
    scene.close();
  }
}
