package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Twist;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.robot.DriverTopic;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.ros.robot.SafetyTopics;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at a device takes a simulated arm over and gives it back: real processes, over DDS. */
final class TakeoverProcessTest {
  private static final Path LIFT = Path.of("..", "models", "bundles", "lift-sft").toAbsolutePath();

  @TempDir private Path folder;

  private final int number = FreeDomain.take();
  private final List<String> drove = new CopyOnWriteArrayList<>();

  @Test
  void whoDroveIsPublishedAndRecorded() throws Exception {
    Map<String, String> domain = Forearm.domain(number);
    Path robot = robot();
    try (Forearm _ = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3");
        Forearm run =
            Forearm.start(
                folder, domain, "run", "--robot=" + robot, "--bundle=" + LIFT, "--out=.");
        CycloneTransport device =
            new CycloneTransport(
                DdsOptions.loopback(number),
                new MonotonicClock(),
                (agent, cause) -> {
                  throw new AssertionError(agent, cause);
                });
        Publication twists = device.advertise("/teleop/twist", TwistStamped.TYPE, Qos.SENSOR_DATA);
        Publication releases = device.advertise(SafetyTopics.RELEASE, Empty.TYPE, Qos.DEFAULT);
        Subscription _ =
            device.subscribe(
                DriverTopic.TOPIC,
                dev.forearm.ros.msg.std_msgs.String.TYPE,
                Qos.LATCHED,
                (cdr, nanos) ->
                    drove.add(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data()))) {
      run.await("a running arm", () -> run.output().contains("RUN: nothing is wrong"));
      TwistStamped still =
          new TwistStamped(
              new Header(new Time(0, 0), "panda_link0"),
              new Twist(new Vector3(0, 0, 0), new Vector3(0, 0, 0)));
      run.await(
          "a person who drives",
          () -> {
            publish(twists, still);
            return drove.contains("human Ada");
          });
      assertTrue(run.output().contains("RUN: a person drives (Ada)"), run::output);
      run.await("silence", () -> drove.getLast().equals("nobody"));
      publish(releases, new Empty((byte) 0));
      run.await("the policy", () -> drove.getLast().startsWith("policy "));
      Forearm.signal(run.handle(), "TERM");
      run.exitCode();
    }
    List<Path> files = EpisodeReader.files(folder);
    RecordedPlans episode = EpisodeReader.read(files.getFirst(), House.robot(robot.toString()));
    List<Driver> drivers = new ArrayList<>(episode.drivers().values());
    drivers.removeIf(Driver.Unknown.class::isInstance); // of a step that lacked an observation
    assertTrue(drivers.contains(new Driver.Human("Ada")), drivers::toString);
    assertTrue(drivers.getLast() instanceof Driver.Learned, drivers::toString);
  }

  private static void publish(Publication topic, dev.forearm.ros.Message message) {
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    topic.publish(writer);
  }

  private Path robot() throws Exception {
    return Files.writeString(
        folder.resolve("tabletop.yaml"),
        TabletopFile.text()
            + """

            takeover: {person: Ada, joint_targets: /teleop/joints, twist: /teleop/twist,
              twist_frame: panda_link0, linear_max: 0.25, angular_max: 1.0, speed_share: 0.5,
              timeout_ms: 200}
            """);
  }
}
