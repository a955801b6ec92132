package dev.forearm.launch;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.SignalLatency;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.calibration.synthetic.BoardPicture;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.ros.Message;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.mcap.McapWriter;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calibration from recorded episodes with a small camera on the tool. */
final class CalibrateEpisodeTest {
  private static final String TOPIC = "/wrist_camera/image_raw";
  private static final String BOARD = "chess:5x4:30";
  private static final PinholeCamera CAMERA =
      new PinholeCamera(240, 180, 231, 230, 118.5, 90.2, 0.05, -0.08, 0.001, 0, 0);
  private static final double STATE_SECONDS = 0.01;
  private static final long STATE_AGE_NANOS = 3_000_000;
  private static final double REST_SECONDS = 0.8;
  private static final double MOVE_SECONDS = 0.4;
  private static final double LATENCY_SECONDS = 0.042;

  private final Robot robot = House.robot("tabletop");
  private final Board board = Board.parse(BOARD);
  private final SyntheticRig rig =
      new SyntheticRig(robot, CAMERA, board, Mounting.EYE_IN_HAND, 501);
  private final SplittableRandom random = new SplittableRandom(502);

  @TempDir private Path folder;
  private Path file = Path.of("");
  private Path episode = Path.of("");

  @BeforeEach
  void theCameraIsKnown() throws IOException {
    file = folder.resolve("calibration.yaml");
    episode = folder.resolve("walk.mcap");
    Calibration known =
        Calibration.empty("tabletop", "2026-11-28")
            .with(new CalibratedCamera("wrist", CAMERA, 0.1, 0.1), "2026-11-28");
    Files.writeString(file, known.text());
  }

  @Test
  void aPictureCountsWhereTheArmRests() throws IOException {
    List<double[]> stops = stops(12);
    List<Double> pictures = new ArrayList<>();
    for (int i = 0; i < stops.size(); i++) {
      pictures.add(i * (REST_SECONDS + MOVE_SECONDS) + REST_SECONDS / 2);
      pictures.add(i * (REST_SECONDS + MOVE_SECONDS) + REST_SECONDS / 2 + 0.03); // same rest
    }
    pictures.add(REST_SECONDS + MOVE_SECONDS / 2); // while it moves
    pictures.sort(null);
    record(seconds -> walk(stops, seconds), stops.size() * 1.2, pictures, 0);

    calibrate("hand-eye", "--board", BOARD, "--mounting", "eye-in-hand");

    Calibration found = Calibration.read(file, "tabletop");
    RigidTransform placed = found.transform("panda_grasp", "wrist");
    assertEquals(rig.truth().mountFromCamera().T.x, placed.x(), 2e-3, placed::toString);
    assertEquals(rig.truth().mountFromCamera().T.y, placed.y(), 2e-3, placed::toString);
    assertEquals(rig.truth().mountFromCamera().T.z, placed.z(), 2e-3, placed::toString);
    assertTrue(found.placements().getFirst().quality().orElseThrow().heldOutPx() < 1);
  }

  @Test
  void aCameraIsTimedAgainstTheJointStates() throws IOException {
    double[] middle = stops(1).getFirst();
    List<Double> pictures = new ArrayList<>();
    for (double seconds = 0.5; seconds < 9.5; seconds += 0.083) {
      pictures.add(seconds + random.nextDouble(-0.004, 0.004));
    }
    record(seconds -> swung(middle, seconds - 1), 10, pictures, LATENCY_SECONDS);

    calibrate("latency", "--board", BOARD);

    List<SignalLatency> found = Calibration.read(file, "tabletop").latencies();
    SignalLatency camera =
        found.stream().filter(late -> late.signal().equals(TOPIC)).findFirst().orElseThrow();
    assertEquals(1e3 * LATENCY_SECONDS, camera.millis(), 2, camera::toString);
    SignalLatency states =
        found.stream()
            .filter(late -> late.signal().equals("/joint_states"))
            .findFirst()
            .orElseThrow();
    assertEquals(1e-6 * STATE_AGE_NANOS, states.millis(), 0.01, states::toString);
  }

  @Test
  void aLatencyThatNothingTellsIsRefusedAndNothingIsWritten() throws IOException {
    double[] still = stops(1).getFirst();
    List<Double> pictures = new ArrayList<>();
    for (double seconds = 0.5; seconds < 3; seconds += 0.25) {
      pictures.add(seconds);
    }
    record(_ -> still, 4, pictures, 0);
    String before = Files.readString(file);
    assertRefused("latency", "is 0.0 all the time, wanted motion", "--board", BOARD);
    assertRefused(
        "latency",
        "found no board 'chess:7x4:30' in any picture of %s, but [chessboards of ".formatted(TOPIC),
        "--board",
        "chess:7x4:30");
    assertRefused("latency", "wanted --camera and --board with --topic");
    assertRefused(
        "latency", "no camera 'scene'; found [wrist]", "--board", BOARD, "--camera", "scene");
    assertRefused(
        "hand-eye", "found 1 poses, wanted 8", "--board", BOARD, "--mounting", "eye-in-hand");
    assertEquals(before, Files.readString(file));
  }

  private void assertRefused(String command, String why, String... more) {
    String said = InProcess.run(arguments(command, more));
    assertTrue(said.contains(why), said);
  }

  private List<double[]> stops(int count) {
    HandEyeProblem problem =
        rig.captures(
            count,
            new SyntheticRig.Tilt(25, 25, 50),
            new double[robot.jointCount()],
            new Noise(0, 0));
    return problem.captures().stream().map(Capture::joints).toList();
  }

  private static double[] walk(List<double[]> stops, double seconds) {
    double period = REST_SECONDS + MOVE_SECONDS;
    int at = Math.min(stops.size() - 1, (int) (seconds / period));
    double part = Math.max(0, (seconds - at * period - REST_SECONDS) / MOVE_SECONDS);
    double[] from = stops.get(at);
    double[] to = stops.get(Math.min(stops.size() - 1, at + 1));
    double[] joints = new double[from.length];
    for (int j = 0; j < joints.length; j++) {
      joints[j] = from[j] + Math.min(1, part) * (to[j] - from[j]);
    }
    return joints;
  }

  private static double[] swung(double[] middle, double seconds) {
    double[] joints = middle.clone();
    if (seconds > 0) {
      joints[6] += 0.35 * Math.sin(2.1 * seconds) + 0.15 * Math.sin(5.3 * seconds);
      joints[5] += 0.03 * Math.sin(3.3 * seconds);
    }
    return joints;
  }

  /** Writes joint states and pictures; each picture shows the arm as it was {@code late} before. */
  private void record(
      DoubleFunction<double[]> motion, double seconds, List<Double> pictures, double late)
      throws IOException {
    BoardPicture drawing = new BoardPicture(board, CAMERA);
    HandEyeProblem problem =
        new HandEyeProblem(Mounting.EYE_IN_HAND, robot, CAMERA, board, List.of());
    BoardView none = new BoardView("none", new int[0], new double[0]);
    try (McapWriter writer =
        new McapWriter(FileChannel.open(episode, CREATE_NEW, WRITE), "ros2", "test", 1)) {
      int states =
          writer.addChannel(
              writer.addSchema(JointState.TYPE.name(), "ros2msg", ""),
              "/joint_states",
              "cdr",
              Map.of());
      int images =
          writer.addChannel(
              writer.addSchema(Image.TYPE.name(), "ros2msg", ""), TOPIC, "cdr", Map.of());
      int next = 0;
      for (double time = 0; time <= seconds; time += STATE_SECONDS) {
        double[] joints = motion.apply(time);
        double[] still = new double[joints.length];
        message(
            writer,
            states,
            time,
            new JointState(header(time), robot.jointNames(), joints, still, still));
        for (; next < pictures.size() && pictures.get(next) < time; next++) {
          double stamp = pictures.get(next);
          Capture seen = new Capture(motion.apply(stamp - late), none);
          GrayF32 gray = drawing.draw(problem.cameraFromBoard(seen, rig.truth()), 1.5, 0.9, random);
          byte[] pixels = new byte[gray.width * gray.height];
          for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (int) gray.data[i];
          }
          message(
              writer,
              images,
              stamp,
              new Image(
                  header(stamp), gray.height, gray.width, "mono8", (byte) 0, gray.width, pixels));
        }
      }
      writer.finish();
    }
  }

  private static void message(McapWriter writer, int channel, double seconds, Message message) {
    CdrWriter cdr = new CdrWriter(1 << 10);
    message.encode(cdr);
    long stamp = Math.round(1e9 * (1 + seconds));
    writer.message(
        channel,
        stamp + STATE_AGE_NANOS,
        stamp,
        cdr.segment().asByteBuffer(),
        0,
        Math.toIntExact(cdr.length()));
  }

  private static Header header(double seconds) {
    long nanos = Math.round(1e9 * (1 + seconds));
    return new Header(
        new Time((int) (nanos / 1_000_000_000), (int) (nanos % 1_000_000_000)), "wrist");
  }

  private void calibrate(String command, String... more) {
    assertEquals("", InProcess.run(arguments(command, more)));
  }

  private String[] arguments(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("calibrate", command, "-o", file.toString()));
    if (!List.of(more).contains("--camera")) {
      arguments.addAll(List.of("--camera", "wrist"));
    }
    arguments.addAll(List.of("--topic", TOPIC, "--episode", episode.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }
}
