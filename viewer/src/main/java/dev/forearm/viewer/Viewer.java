package dev.forearm.viewer;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live window on a thread of its own. It only looks: where no window can be opened, or it fails
 * later, there is one message and what it looked at goes on.
 */
public final class Viewer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Viewer.class);
  static final double FRAME_SECONDS = 1.0 / 25;
  static final int WIDTH = 1360;
  static final int HEIGHT = 820;
  private static final long REST_NANOS = 100_000_000; // of a window that was closed
  private static final long PICTURE_NANOS = 1_000_000_000;

  private final Robot robot;
  private final ForesightTap tap;
  private final Supplier<Telemetry> telemetry;
  private final Optional<Path> picture;
  private final List<CameraFeed> feeds;
  private final AgentRunner runner;
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
    runner = WakefulRunner.start(new Frames(), Rest.forNanos(REST_NANOS), Viewer::failed);
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
    return new Viewer(robot, transport, tap, telemetry, picture);
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
    return runner.alive();
  }

  /** Closes the window if it is open and ends the subscriptions. */
  @Override
  public void close() {
    runner.close();
    feeds.forEach(CameraFeed::close);
  }

  private static void failed(String agent, Throwable failure) {
    if (failure instanceof ViewerFault) {
      LOG.warn("{}; going on without the window", failure.getMessage());
    } else {
      LOG.warn("the window failed; going on without it", failure);
    }
  }

  /** One frame a turn; waits for input inside of it. */
  private final class Frames implements Agent {
    private @Nullable Window window;
    private @Nullable LiveModel model;
    private @Nullable Panels panels;
    private long picturedNanos;

    @Override
    public String name() {
      return "viewer";
    }

    @Override
    public void onStart() {
      Window opened = Window.open("Forearm: " + robot.name(), WIDTH, HEIGHT);
      window = opened;
      model = new LiveModel(robot, tap, telemetry);
      panels = new Panels(new Canvas(opened.fontOfAll()), new ScenePanel(robot), feeds);
    }

    @Override
    public int doWork(long nowNanos) {
      Window open = window;
      LiveModel live = model;
      Panels drawn = panels;
      if (open == null || live == null || drawn == null) {
        return 0;
      }
      if (open.shouldClose()) {
        onClose();
        dismissed = true;
        return 0;
      }
      if (open.beginFrame(FRAME_SECONDS)) {
        live.update();
        drawn.draw(Layout.of(open.width(), open.height()), live);
        open.endFrame();
        if (seen && picture.isPresent() && nowNanos - picturedNanos > PICTURE_NANOS) {
          picturedNanos = nowNanos;
          open.save(picture.get());
        }
        open.present();
        seen = true;
      }
      return 1;
    }

    @Override
    public void onClose() {
      if (panels != null) {
        panels.close();
        panels = null;
      }
      if (window != null) {
        window.close();
        window = null;
      }
    }
  }
}
