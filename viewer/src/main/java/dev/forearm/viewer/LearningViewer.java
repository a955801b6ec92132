package dev.forearm.viewer;

import dev.forearm.runtime.clock.Clock;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The window on a learner, on the thread that asks for it. It looks at what the learner leaves
 * behind and is unknown to it.
 */
public final class LearningViewer {
  private static final long LOOK_NANOS = 1_000_000_000;

  /** ImPlot fits its axes to what the frame before drew. */
  private static final int FRAMES = 4;

  private LearningViewer() {}

  /**
   * Follows a learner in a window, until it is closed.
   *
   * @param learner asked once a second, on this thread
   * @param clock that seconds go by
   * @param stop whether to end
   * @throws ViewerFault if no window can be opened
   */
  public static void show(Supplier<Learning> learner, Clock clock, BooleanSupplier stop) {
    Learning learning = learner.get();
    long lookedNanos = clock.nanos();
    try (Window window = Window.open("Forearm: learning", Viewer.WIDTH, Viewer.HEIGHT);
        LearningPanel panel = new LearningPanel(window)) {
      while (!window.shouldClose() && !stop.getAsBoolean()) {
        if (!window.beginFrame(Viewer.FRAME_SECONDS)) {
          continue;
        }
        if (clock.nanos() - lookedNanos > LOOK_NANOS) {
          learning = learner.get();
          lookedNanos = clock.nanos();
        }
        panel.draw(learning);
        window.endFrame();
        window.present();
      }
    }
  }

  /**
   * Writes one picture as PNG, without a display.
   *
   * @throws ViewerFault if there is no OpenGL, or the picture cannot be written
   */
  public static void picture(Learning learning, Path png) {
    try (Window window = Window.hidden(Viewer.WIDTH, Viewer.HEIGHT);
        LearningPanel panel = new LearningPanel(window)) {
      for (int frame = 0; frame < FRAMES; frame++) {
        if (!window.beginFrame(Viewer.FRAME_SECONDS)) {
          throw new ViewerFault("a picture of a learner: the hidden window has no size");
        }
        panel.draw(learning);
        window.endFrame();
      }
      window.save(png);
    }
  }
}
