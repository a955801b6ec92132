package dev.forearm.viewer;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Shows the window on a robot that is made up, until its picture is written or it is given up. */
final class ViewerProcess {
  static final int CAMERA_RGB = 0x30a0c0;
  private static final int LOOKS = 600;

  private ViewerProcess() {}

  public static void main(String[] arguments) throws Exception {
    Path picture = Path.of(arguments[0]);
    MonotonicClock clock = new MonotonicClock();
    InProcessTransport transport = new InProcessTransport(clock);
    Publication camera = transport.advertise(SmallRobot.CAMERA, Image.TYPE, Qos.SENSOR_DATA);
    ForesightTap tap = new ForesightTap(SmallRobot.SPEC);
    try (Viewer viewer =
        Viewer.open(
            SmallRobot.ROBOT,
            transport,
            tap,
            () ->
                SmallRobot.telemetry(
                    clock.nanos() * 1e-9, 0.2 + 0.1 * Math.sin(clock.nanos() * 1e-9)),
            Optional.of(picture))) {
      for (int look = 0; look < LOOKS && viewer.alive() && !Files.exists(picture); look++) {
        CameraFeedTest.publish(camera, CameraFeedTest.picture("rgb8", 1, 1, 3, 0x30, 0xa0, 0xc0));
        imagine(tap, clock.nanos());
        Thread.sleep(50);
      }
      System.out.println(viewer.seen() ? "shown" : "unseen");
    }
  }

  private static void imagine(ForesightTap tap, long now) {
    Observation observation = new Observation(SmallRobot.SPEC.observationWidth());
    float[] seen = {0.2f, 0.4f, 0.1f, 0.2f, 0.5f, -0.2f, 0.02f, 0.6f, 0.3f, 0.03f};
    System.arraycopy(seen, 0, observation.values(), 0, seen.length);
    observation.at(now, now);
    Plan plan = new Plan(SmallRobot.SPEC);
    float[] imagined = {
      0.45f, 0f, 0.2f, 0.5f, -0.2f, 0.02f, 0.5f, -0.1f, 0.2f, 0.52f, -0.2f, 0.03f
    };
    System.arraycopy(imagined, 0, plan.imagined(), 0, imagined.length);
    plan.imagines(true);
    tap.observed(observation);
    tap.planned(observation, plan);
  }
}
