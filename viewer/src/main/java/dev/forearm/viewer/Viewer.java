package dev.forearm.viewer;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live window on a thread of its own. It only looks: where no window can be opened, or it fails
 * later, there is one message and what it looked at goes on.
 */
public final class Viewer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Viewer.class);
  private static final double FRAME_SECONDS = 1.0 / 25;
  private static final int WIDTH = 1360;
  private static final int HEIGHT = 820;
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long PICTURE_NANOS = 1_000_000_000;

  private final Robot robot;
  private final ForesightTap tap;
  private final Supplier<Telemetry> telemetry;
  private final Optional<Path> picture;
  private final List<CameraFeed> feeds;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean dismissed;
  private volatile boolean seen;

  private Viewer(
      Robot robot,
      RosTransport transport,
      ForesightTap tap,
      Supplier<Telemetry> telemetry,
      Optional<Path> picture) {
    this.robot = robot;
    this.tap = tap;
    this.telemetry = telemetry;
    this.picture = picture;
    feeds =
        robot.topics().images().stream().map(topic -> new CameraFeed(transport, topic)).toList();
    thread = Thread.ofPlatform().name("viewer").daemon().unstarted(this::run);
  }

  /**
   * Subscribes the robot's cameras and opens the window, without waiting for it.
   *
   * @param transport stays the caller's; must outlive the viewer
   * @param tap of the policy that drives the robot
   * @param telemetry asked on the viewer's thread about 25 times a second; must not wait
   * @param picture where the window is written as PNG every second; empty: nowhere
   */
  public static Viewer open(
      Robot robot,
      RosTransport transport,
      ForesightTap tap,
      Supplier<Telemetry> telemetry,
      Optional<Path> picture) {
    Viewer viewer = new Viewer(robot, transport, tap, telemetry, picture);
    viewer.thread.start();
    return viewer;
  }

  /** Whether somebody closed the window. */
  public boolean dismissed() {
    return dismissed;
  }

  /** Whether a frame has been shown: false until the window is open, and for good without one. */
  public boolean seen() {
    return seen;
  }

  /** Whether the window's thread is at work. */
  public boolean alive() {
    return thread.isAlive();
  }

  /** Closes the window if it is open and ends the subscriptions. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    feeds.forEach(CameraFeed::close);
  }

  private void run() {
    try (Window window = new Window("Forearm: " + robot.name(), WIDTH, HEIGHT)) {
      show(window);
      dismissed = window.shouldClose() && !closing;
    } catch (ViewerFault e) {
      LOG.warn("{}; going on without the window", e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("the window failed; going on without it", e);
    }
  }

  private void show(Window window) {
    Canvas canvas = new Canvas(window.fontOfAll());
    LiveModel model = new LiveModel(robot, tap, telemetry);
    long pictured = System.nanoTime();
    try (Panels panels = new Panels(canvas, model, feeds)) {
      while (!closing && !window.shouldClose()) {
        if (!window.beginFrame(FRAME_SECONDS)) {
          continue;
        }
        model.update();
        panels.draw(Layout.of(window.width(), window.height()));
        window.endFrame();
        if (picture.isPresent() && System.nanoTime() - pictured > PICTURE_NANOS) {
          pictured = System.nanoTime();
          window.save(picture.get());
        }
        window.present();
        seen = true;
      }
    }
  }
}
