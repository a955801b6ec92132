package dev.forearm.calibration.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.Vector3;
import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  private static final String GOOD =
      """
      robot: tabletop
      measured: 2026-11-20
      transforms:
        - to: panda_link0
          from: scene_camera
          origin_m: [1.0, 0.0, 0.5]
          rotation_wxyz: [0.7071067811865476, 0, 0, 0.7071067811865476]
      """;

  @TempDir private Path folder;

  @Test
  void aFileGivesItsTransformsInBothDirectionsAndItsHash() throws IOException {
    Calibration calibration = Calibration.read(write(GOOD), "tabletop");

    RigidTransform baseFromCamera = calibration.transform("panda_link0", "scene_camera");
    Vector3 seen = baseFromCamera.apply(new Vector3("scene_camera", 0.2, 0, 0));
    assertEquals(0, seen.distanceTo(new Vector3("panda_link0", 1.0, 0.2, 0.5)), 1e-12);
    Vector3 back = calibration.transform("scene_camera", "panda_link0").apply(seen);
    assertEquals(0, back.distanceTo(new Vector3("scene_camera", 0.2, 0, 0)), 1e-12);
    assertEquals(64, calibration.sha256().length());
    assertThrows(RuntimeFault.class, () -> calibration.transform("panda_link0", "wrist_camera"));
  }

  @Test
  void anotherRobotsFileIsRefused() throws IOException {
    Path file = write(GOOD);
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> Calibration.read(file, "left_arm"));
    assertTrue(fault.toString().contains("'tabletop', this one is 'left_arm'"), fault::toString);
  }

  @Test
  void aMisspeltKeyAndAFramePlacedTwiceAreRefusedByName() throws IOException {
    Path misspelt = write(GOOD.replace("origin_m", "origin"));
    RuntimeFault unknown =
        assertThrows(RuntimeFault.class, () -> Calibration.read(misspelt, "tabletop"));
    assertTrue(unknown.toString().contains("origin_m"), unknown::toString);

    Path twice = write(GOOD + GOOD.substring(GOOD.indexOf("  - to")));
    RuntimeFault doubled =
        assertThrows(RuntimeFault.class, () -> Calibration.read(twice, "tabletop"));
    assertTrue(doubled.toString().contains("placed twice"), doubled::toString);
  }

  @Test
  void whatIsWrittenIsReadAgainAndEachThingCanBeReplaced() throws IOException {
    Calibration handmade = Calibration.read(write(GOOD), "tabletop");
    PinholeCamera camera = new PinholeCamera(640, 480, 612, 608, 322, 236, 0.1, -0.2, 0, 0, 0.01);
    Placement placed =
        new Placement(
            handmade.transform("panda_link0", "scene_camera"),
            Optional.of(new Placement.Quality(0.4, 0.06, 1.2, 0.2, 1.1)));
    Calibration calibration =
        handmade
            .with(placed, "2026-11-28")
            .with(new CalibratedCamera("scene_camera", camera, 0.2, 0.25), "2026-11-28")
            .with(new CalibratedCamera("scene_camera", camera, 0.1, 0.15), "2026-11-29")
            .with(new SignalLatency("/image", "/joint_states", 41.5, 0.3), "2026-11-29")
            .withJoints(List.of(new JointOffset("panda_joint2", 0.01, 0.001)), "2026-11-30");

    Calibration read = Calibration.read(write(calibration.text()), "tabletop");

    assertEquals("2026-11-30", read.measured());
    assertEquals(List.of(placed), read.placements());
    assertEquals(0.15, read.camera("scene_camera").heldOutPx());
    assertEquals(calibration.cameras(), read.cameras());
    assertEquals(calibration.joints(), read.joints());
    assertEquals(calibration.latencies(), read.latencies());
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> read.camera("wrist_camera"));
    assertTrue(fault.toString().contains("calibrate intrinsics"), fault::toString);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "calibration", ".yaml"), text);
  }
}
