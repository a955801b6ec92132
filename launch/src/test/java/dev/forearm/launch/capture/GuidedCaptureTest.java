package dev.forearm.launch.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.launch.House;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a picture is taken, and what is kept of it. */
final class GuidedCaptureTest {
  private static final String TOPIC = "/camera/image_raw";
  private static final PinholeCamera CAMERA =
      new PinholeCamera(240, 180, 231, 230, 118.5, 90.2, 0.05, -0.08, 0.001, 0, 0);
  private static final Board BOARD = Board.parse("chess:5x4:30");
  private static final long MS = 1_000_000;
  private static final int STATE_MS = 10;
  private static final int PICTURE_MS = 100;

  private final Robot robot = House.robot("tabletop");
  private final SyntheticRig rig =
      new SyntheticRig(robot, CAMERA, BOARD, Mounting.EYE_IN_HAND, 831);
  private final HandEyeProblem stops =
      rig.captures(3, SyntheticRig.Tilt.GUIDED, new double[robot.jointCount()], new Noise(0, 0));
  private final SplittableRandom random = new SplittableRandom(832);
  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final Deque<Character> typed = new ArrayDeque<>();
  private final List<String> said = new ArrayList<>();

  @TempDir private Path folder;
  private final Publication states =
      transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
  private final DrawnCamera camera = new DrawnCamera(transport, TOPIC, stops, rig.truth(), 833);
  private LivePictures pictures = new LivePictures(transport, TOPIC, robot, true);
  private double jitter;

  @BeforeEach
  void theReadingsAreExact() {
    jitter = 0;
  }

  @AfterEach
  void close() {
    pictures.close();
    transport.close();
  }

  @Test
  void nothingIsTakenUnlessAKeyIsPressedAndThenOne() {
    GuidedCapture capture = capture(BOARD, false);
    rest(capture, 0, 2000);
    assertEquals(0, capture.captures().size());
    typed.add(' ');
    rest(capture, 0, 2000);
    assertEquals(1, capture.captures().size(), said::toString);
    assertArrayEquals(joints(0), capture.captures().getFirst().joints(), 1e-12);
    assertTrue(said.getLast().contains("picture 1; next: more"), said::toString);
  }

  @Test
  void aMovingArmIsWaitedFor() {
    GuidedCapture capture = capture(BOARD, true);
    Image seen = camera.see(0, joints(0));
    double[] joints = joints(0);
    for (int ms = 0; ms < 2000; ms += STATE_MS) {
      joints[3] += 2e-5 * STATE_MS; // 20 mrad a second
      step(capture, joints, ms % PICTURE_MS == 0 ? seen : null);
    }
    assertEquals(0, capture.captures().size());
    assertEquals("waiting for the arm to rest", said.getLast());
    rest(capture, 0, 2000);
    assertEquals(1, capture.captures().size(), said::toString);
  }

  @Test
  void readingsThatJitterAreAveraged() {
    jitter = Math.toRadians(0.05);
    GuidedCapture capture = capture(BOARD, true);
    rest(capture, 0, 2000);
    assertEquals(1, capture.captures().size(), said::toString);
    double error = 5 * jitter / Math.sqrt(75); // of the mean of 750 ms
    assertArrayEquals(joints(0), capture.captures().getFirst().joints(), error);
  }

  @Test
  void aPictureIsTakenByItselfWhereTheViewIsNew() {
    GuidedCapture capture = capture(BOARD, true);
    rest(capture, 0, 3000);
    rest(capture, 1, 3000);
    rest(capture, 0, 3000);
    assertEquals(2, capture.captures().size(), said::toString);
    assertEquals("seen; go on to another pose", said.getLast());
    assertFalse(capture.done());
    rest(capture, 2, 3000);
    assertTrue(capture.done(), said::toString);
  }

  @Test
  void aBoardThatWobblesIsWaitedFor() {
    GuidedCapture capture = capture(BOARD, true);
    List<Image> wobbling = new ArrayList<>();
    for (double away : new double[] {0, 0.01}) {
      double[] joints = joints(0);
      joints[6] += away;
      wobbling.add(camera.see(0, joints));
    }
    for (int ms = 0; ms < 3000; ms += STATE_MS) {
      boolean due = ms % 300 == 0;
      step(capture, joints(0), due ? wobbling.get(ms / 300 % 2) : null);
    }
    assertEquals(0, capture.captures().size(), said::toString);
    assertEquals("waiting for a steady picture", said.getLast());
  }

  @Test
  void whatIsMissingIsNamed() {
    GuidedCapture capture = capture(Board.parse("chess:7x4:30"), true);
    for (int ms = 0; ms < 4000; ms += STATE_MS) {
      clock.advance(STATE_MS * MS);
      capture.turn(clock.nanos());
    }
    assertEquals("no picture on " + TOPIC + "; does the camera's driver run?", said.getLast());
    rest(capture, 0, 1000);
    assertTrue(
        said.getLast().matches("no board: chessboards of (5 x 4|4 x 5) inner corners"),
        said::toString);
    Image seen = camera.see(0, joints(0));
    for (int ms = 0; ms < 7000; ms += STATE_MS) { // the states stop
      clock.advance(STATE_MS * MS);
      if (ms % PICTURE_MS == 0) {
        camera.publish(seen);
      }
      capture.turn(clock.nanos());
    }
    assertEquals("waiting for the arm to rest", said.getLast());
  }

  @Test
  void anotherSessionGoesOnWithWhatIsThereAndTheLastCanBeDropped() throws IOException {
    GuidedCapture first = capture(BOARD, true);
    rest(first, 0, 2000);
    rest(first, 1, 2000);
    assertEquals(2, first.captures().size(), said::toString);

    GuidedCapture second = capture(BOARD, false);
    assertEquals(2, second.captures().size(), said::toString);
    for (int i = 0; i < 2; i++) {
      Capture before = first.captures().get(i);
      Capture after = second.captures().get(i);
      assertEquals(before.name(), after.name());
      assertArrayEquals(before.joints(), after.joints());
      assertArrayEquals(before.view().pixels(), after.view().pixels(), 1e-9);
    }
    typed.add('d');
    rest(second, 2, 500);
    typed.add('p');
    rest(second, 2, 2000);
    Map<String, double[]> told = PictureFolder.poses(folder.resolve(PictureFolder.POSES), robot);
    assertEquals(List.of("0001.png", "0002.png"), List.copyOf(told.keySet()));
    assertArrayEquals(joints(2), told.get("0002.png"), 1e-12);
    assertTrue(Files.exists(folder.resolve("0002.png")));
  }

  private GuidedCapture capture(Board board, boolean auto) {
    pictures.close();
    pictures = new LivePictures(transport, TOPIC, robot, true);
    return new GuidedCapture(
        new BoardDetector(board),
        new PictureFolder(folder, robot),
        pictures,
        true,
        (all, _, _) -> all.size() < 3 ? Optional.of("more") : Optional.empty(),
        auto,
        Optional.empty(),
        () -> typed.isEmpty() ? TypedKeys.NONE : typed.removeFirst(),
        said::add);
  }

  private double[] joints(int stop) {
    return stops.captures().get(stop).joints().clone();
  }

  private void rest(GuidedCapture capture, int stop, int forMs) {
    Image seen = camera.see(0, joints(stop));
    for (int ms = 0; ms < forMs; ms += STATE_MS) {
      step(capture, joints(stop), ms % PICTURE_MS == 0 ? seen : null);
    }
  }

  private void step(GuidedCapture capture, double[] joints, @Nullable Image picture) {
    clock.advance(STATE_MS * MS);
    double[] read = joints.clone();
    for (int j = 0; j < read.length; j++) {
      read[j] += jitter * random.nextGaussian();
    }
    double[] none = new double[read.length];
    DrawnCamera.publish(
        states,
        new JointState(
            new Header(DrawnCamera.time(clock.nanos()), ""), robot.jointNames(), read, none, none));
    if (picture != null) {
      camera.publish(picture);
    }
    capture.turn(clock.nanos());
  }
}
