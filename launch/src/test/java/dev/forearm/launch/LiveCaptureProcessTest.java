package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.launch.capture.DrawnCamera;
import dev.forearm.launch.capture.Picture;
import dev.forearm.launch.capture.PictureFolder;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code calibrate hand-eye --live} over DDS, killed in the middle. */
final class LiveCaptureProcessTest {
  private static final String TOPIC = "/camera/image_raw";
  private static final PinholeCamera CAMERA =
      new PinholeCamera(240, 180, 231, 230, 118.5, 90.2, 0.05, -0.08, 0.001, 0, 0);
  private static final Board BOARD = Board.parse("chess:5x4:30");
  private static final int STATES = 8; // to a picture

  private final Robot robot = House.robot("tabletop");
  private final SyntheticRig rig =
      new SyntheticRig(robot, CAMERA, BOARD, Mounting.EYE_IN_HAND, 841);
  private final HandEyeProblem stops =
      rig.captures(2, SyntheticRig.Tilt.GUIDED, new double[robot.jointCount()], new Noise(0, 0));

  @TempDir private Path folder;

  @Test
  void whatWasTakenOutlivesTheProcessAndIsGoneOnWith() throws Exception {
    int domain = FreeDomain.take();
    Map<String, String> environment = Forearm.domain(domain);
    Files.writeString(folder.resolve("calibration.yaml"), known().text());
    try (RosTransport transport = transport(domain);
        Publication states = transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT)) {
      DrawnCamera camera = new DrawnCamera(transport, TOPIC, stops, rig.truth(), 842);
      List<Image> seen = new ArrayList<>();
      stops.captures().forEach(stop -> seen.add(camera.see(0, stop.joints())));
      int[] turns = new int[1];
      try (Forearm live = live(environment)) {
        for (int stop = 0; stop < 2; stop++) {
          int at = stop;
          String picture = "000%s.png  20 corners, picture %s; next: ".formatted(at + 1, at + 1);
          live.await(
              picture,
              () -> {
                publish(states, stops.captures().get(at).joints());
                if (turns[0]++ % STATES == 0) {
                  camera.publish(seen.get(at));
                }
                return live.output().contains(picture);
              });
        }
        live.handle().destroyForcibly(); // as kill -9
      }
      List<Picture> kept = new ArrayList<>();
      Path pictures = folder.resolve("pictures");
      PictureFolder.read(pictures, pictures.resolve(PictureFolder.POSES), robot, kept::add);
      assertEquals(2, kept.size());
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(stops.captures().get(i).joints(), kept.get(i).joints(), 1e-9);
        assertEquals((byte) kept.get(i).gray().get(120, 90), seen.get(i).data()[90 * 240 + 120]);
      }
      try (Forearm again = live(environment)) {
        again.await("the old ones", () -> again.output().contains("2 pictures are there; next: "));
        again.handle().destroy();
        again.exitCode();
        assertTrue(again.output().contains("ended by signal after 2 pictures"), again::output);
      }
    }
  }

  @Test
  void atATerminalOnePressProposesAPoseAndMovesNothing() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "no script(1) of util-linux to be had");
    int domain = FreeDomain.take();
    Files.writeString(folder.resolve("calibration.yaml"), known().text());
    AtomicInteger commands = new AtomicInteger();
    try (RosTransport transport = transport(domain);
        Subscription _ =
            transport.subscribe(
                "/arm_controller/commands",
                Float64MultiArray.TYPE,
                Qos.COMMAND,
                (_, _) -> commands.incrementAndGet());
        Publication states = transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
        Forearm live = Forearm.atTerminal(folder, Forearm.domain(domain), arguments("--jog"))) {
      DrawnCamera camera = new DrawnCamera(transport, TOPIC, stops, rig.truth(), 843);
      double[] joints = stops.captures().getFirst().joints();
      Image seen = camera.see(0, joints);
      int[] turns = new int[1];
      Consumer<String> await =
          text -> {
            try {
              live.await(
                  text,
                  () -> {
                    publish(states, joints);
                    if (turns[0]++ % STATES == 0) {
                      camera.publish(seen);
                    }
                    return live.output().contains(text);
                  });
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          };
      await.accept("0 pictures are there; next: ");
      live.type("m");
      await.accept("take a picture first");
      live.type("\r");
      await.accept("0001.png  20 corners, picture 1; next: ");
      Thread.sleep(1100); // the key is up
      live.type("m");
      await.accept("; hold m");
      assertEquals(0, commands.get());
      live.type("q");
      assertEquals(1, live.exitCode());
      assertTrue(live.output().contains("found 1 poses, wanted 8"), live::output);
    }
  }

  @Test
  void aKeyCannotBeHeldWithoutATerminal() throws IOException {
    Files.writeString(folder.resolve("calibration.yaml"), known().text());
    String said = InProcess.run(arguments("--jog"));
    assertTrue(said.contains("is no terminal"), said);
    assertTrue(said.contains("give --move a file of poses"), said);
    said = InProcess.run(arguments("--jog", "--move=poses.csv"));
    assertTrue(said.contains("found --jog with --move"), said);
  }

  private static Calibration known() {
    return Calibration.empty("tabletop", "2026-11-28")
        .with(new CalibratedCamera("wrist", CAMERA, 0.1, 0.1), "2026-11-28");
  }

  private static RosTransport transport(int domain) {
    return new CycloneTransport(
        DdsOptions.loopback(domain), new MonotonicClock(), (agent, failure) -> {});
  }

  private Forearm live(Map<String, String> environment) {
    return Forearm.start(folder, environment, arguments("--auto"));
  }

  private String[] arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "calibrate",
                "hand-eye",
                "--calibration=" + folder.resolve("calibration.yaml"),
                "--camera=wrist",
                "--board=chess:5x4:30",
                "--mounting=eye-in-hand",
                "--live",
                "--transport=dds",
                "--topic=" + TOPIC,
                "--images=" + folder.resolve("pictures")));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private void publish(Publication states, double[] joints) {
    double[] none = new double[joints.length];
    DrawnCamera.publish(
        states,
        new JointState(
            new Header(DrawnCamera.time(1), ""), robot.jointNames(), joints, none, none));
  }
}
