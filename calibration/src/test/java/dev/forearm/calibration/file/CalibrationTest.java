package dev.forearm.calibration.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.calibration.frames.RigidTransform;
import dev.forearm.calibration.frames.Vector3;
import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private Path write(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "calibration", ".yaml"), text);
  }
}
