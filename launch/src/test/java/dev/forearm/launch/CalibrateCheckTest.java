package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.CalibratedCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.JointOffset;
import dev.forearm.calibration.file.Placement;
import dev.forearm.calibration.file.SignalLatency;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.UnitQuaternion;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code calibrate check} lets pass, and what it does not. */
final class CalibrateCheckTest {
  private static final PinholeCamera CAMERA = PinholeCamera.ideal(640, 480, 600);

  @TempDir private Path folder;

  @Test
  void goodNumbersPassAndBoundsThemselvesDo() throws IOException {
    assertEquals(List.of(), problems(known(today(), 0.5, 1, 0.1, 0.05, 2)));
    String aWhileAgo = LocalDate.now(ZoneOffset.UTC).minusDays(180).toString();
    assertEquals(List.of(), problems(known(aWhileAgo, 0.1, 0.4, 0.05, 0.01, 0.5)));
  }

  @Test
  void eachNumberThatIsWorseIsNamedWithItsBound() throws IOException {
    assertEquals(
        List.of(
            "camera wrist  0.510 px held out, wanted 0.5 or less",
            "wrist in panda_grasp  1.100 mm standard error, wanted 1.0 or less",
            "wrist in panda_grasp  0.110 deg standard error, wanted 0.1 or less",
            "joint panda_joint2  0.060 deg standard error, wanted 0.05 or less",
            "latency of /camera  2.100 ms standard error, wanted 2.0 or less"),
        problems(known(today(), 0.51, 1.1, 0.11, 0.06, 2.1)));
  }

  @Test
  void numbersThatAreNoneAreRefused() throws IOException {
    Path file = folder.resolve("calibration.yaml");
    Files.writeString(file, known(today(), 0.1, Double.NaN, 0.01, 0.01, 0.1).text());
    String said = InProcess.run("calibrate", "check", "--calibration=" + file);
    assertTrue(said.contains("error_mm: found '.nan', wanted a number"), said);
  }

  @Test
  void anOldOneAndOneOfNoDateDoNotPass() throws IOException {
    String old = LocalDate.now(ZoneOffset.UTC).minusDays(181).toString();
    assertEquals(
        List.of("it is 181 days old, wanted 180 or fewer; calibrate again"),
        problems(known(old, 0.1, 0.1, 0.01, 0.01, 0.1)));
    List<?> problems = problems(known("last week", 0.1, 0.1, 0.01, 0.01, 0.1));
    assertTrue(problems.toString().contains("'last week', wanted a date"), problems::toString);
  }

  @Test
  void aMissingFileAndAnotherRobotsAreRefused() throws IOException {
    Path file = folder.resolve("none.yaml");
    String said = InProcess.run("calibrate", "check", "--calibration=" + file);
    assertTrue(said.contains("found no such file"), said);
    Files.writeString(file, Calibration.empty("ur5e", today()).text());
    said = InProcess.run("calibrate", "check", "--calibration=" + file);
    assertTrue(said.contains("measured on robot 'ur5e', this one is 'tabletop'"), said);
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  private static Calibration known(
      String measured, double px, double mm, double deg, double jointDeg, double ms) {
    RigidTransform placed =
        new RigidTransform("panda_grasp", "wrist", 0, 0, 0, new UnitQuaternion(1, 0, 0, 0));
    return Calibration.empty("tabletop", measured)
        .with(new CalibratedCamera("wrist", CAMERA, px, px), measured)
        .with(
            new Placement(placed, Optional.of(new Placement.Quality(mm, deg, mm, deg, px))),
            measured)
        .withJoints(
            List.of(new JointOffset("panda_joint2", 0.01, Math.toRadians(jointDeg))), measured)
        .with(new SignalLatency("/camera", "joint states", 42, ms), measured);
  }

  private List<?> problems(Calibration calibration) throws IOException {
    Path file = folder.resolve("calibration.yaml");
    Path json = folder.resolve("check.json");
    Files.writeString(file, calibration.text());
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(err, true),
            "calibrate",
            "check",
            "--calibration=" + file,
            "--json=" + json);
    assertEquals("", err.toString());
    Map<?, ?> report = (Map<?, ?>) Objects.requireNonNull(Json.read(Files.readString(json)));
    List<?> problems = (List<?>) Objects.requireNonNull(report.get("problems"));
    assertEquals(problems.isEmpty() ? 0 : 1, code);
    return problems;
  }
}
