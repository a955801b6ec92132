package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.calibration.synthetic.BoardPicture;
import dev.forearm.calibration.synthetic.SyntheticRig;
import dev.forearm.runtime.robot.Robot;
import georegression.struct.se.Se3_F64;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a folder of pictures to a calibration file, by the commands. */
final class CalibrateCameraTest {
  private static final String BOARD = "charuco:10x7:22:16:4x4";
  private static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 612, 608, 322.5, 236.1, 0.09, -0.17, 0.0012, -0.0007, 0.02);
  private static final int PICTURES = 14;
  private static final long SEED = 401;

  @TempDir private static Path folder;
  private static Se3_F64 truth = new Se3_F64();

  @BeforeAll
  static void photographABoardFromAnArm() throws IOException {
    Robot robot = House.robot("tabletop");
    Board board = Board.parse(BOARD);
    SyntheticRig rig = new SyntheticRig(robot, CAMERA, board, Mounting.EYE_IN_HAND, SEED);
    truth = rig.truth().mountFromCamera();
    HandEyeProblem problem =
        rig.captures(
            PICTURES,
            SyntheticRig.Tilt.GUIDED,
            new double[robot.jointCount()],
            new Noise(0, 0)); // the pictures' own noise is enough
    BoardPicture pictures = new BoardPicture(board, CAMERA);
    SplittableRandom random = new SplittableRandom(SEED);
    Path images = Files.createDirectory(folder.resolve("images"));
    List<String> lines = new ArrayList<>();
    lines.add("picture," + String.join(",", robot.jointNames()));
    for (Capture capture : problem.captures()) {
      String name = capture.name().replace(' ', '-') + ".png";
      Se3_F64 pose = problem.cameraFromBoard(capture, rig.truth());
      write(pictures.draw(pose, 2, 0.8, random), images.resolve(name));
      lines.add(
          name
              + ","
              + DoubleStream.of(capture.joints())
                  .mapToObj(Double::toString)
                  .collect(Collectors.joining(",")));
    }
    Files.write(folder.resolve("poses.csv"), lines);
  }

  @Test
  void intrinsicsHandEyeAndJointsAreFoundWrittenAndChecked() {
    Path file = folder.resolve("calibration.yaml");
    String images = folder.resolve("images").toString();
    assertEquals(
        "", run("intrinsics", file, "--board", BOARD, "--camera", "wrist", "--images", images));
    CalibratedCamera camera = Calibration.read(file, "tabletop").camera("wrist");
    assertEquals(CAMERA.fx(), camera.camera().fx(), 2, camera::toString);
    assertTrue(camera.heldOutPx() < 0.15, camera::toString);

    String[] more = {
      "--board",
      BOARD,
      "--camera",
      "wrist",
      "--images",
      images,
      "--mounting",
      "eye-in-hand",
      "--poses",
      folder.resolve("poses.csv").toString()
    };
    assertEquals("", run("hand-eye", file, more));
    var placed = Calibration.read(file, "tabletop").transform("panda_grasp", "wrist");
    assertEquals(truth.T.x, placed.x(), 1e-3, placed::toString);
    assertEquals(truth.T.y, placed.y(), 1e-3, placed::toString);
    assertEquals(truth.T.z, placed.z(), 1.5e-3, placed::toString);

    assertEquals("", run("joints", file, more));
    Calibration calibration = Calibration.read(file, "tabletop");
    assertEquals(5, calibration.joints().size());
    calibration
        .joints()
        .forEach(joint -> assertEquals(0, Math.toDegrees(joint.offset()), 0.05, joint::toString));
    assertEquals(1, calibration.cameras().size());
    assertEquals("", run("check", file));
  }

  @Test
  void anotherBoardIsRefusedByNameAndNothingIsWritten() {
    Path file = folder.resolve("other.yaml");
    String images = folder.resolve("images").toString();
    String said =
        run(
            "intrinsics",
            file,
            "--board",
            "charuco:10x7:22:16:6x6",
            "--camera",
            "wrist",
            "--images",
            images);
    assertTrue(said.contains("found no board 'charuco:10x7:22:16:6x6'"), said);
    assertTrue(Files.notExists(file));
  }

  private static String run(String command, Path file, String... more) {
    List<String> arguments = new ArrayList<>(List.of("calibrate", command, "-o", file.toString()));
    arguments.addAll(List.of(more));
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(err, true), arguments.toArray(String[]::new));
    String said = Objects.toString(err);
    if (said.isEmpty()) {
      assertEquals(0, code);
    } else {
      assertNotEquals(0, code);
    }
    return said;
  }

  private static void write(GrayF32 gray, Path file) throws IOException {
    BufferedImage image = new BufferedImage(gray.width, gray.height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < gray.height; y++) {
      for (int x = 0; x < gray.width; x++) {
        image.getRaster().setSample(x, y, 0, (int) gray.get(x, y));
      }
    }
    assertTrue(ImageIO.write(image, "png", file.toFile()));
  }
}
