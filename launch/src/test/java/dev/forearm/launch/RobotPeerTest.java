package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A program that is not ours, on Cyclone's Python binding, beside a whole robot. */
final class RobotPeerTest {
  private static final int NOT_INSTALLED = 77;
  private static final double STEP_RAD = 0.15;
  private static final double TRACKING_RAD = 0.01; // servo error and gravity sag

  @TempDir private Path folder;

  @Test
  void itReadsWhatSimulatorAndRuntimePublish() throws Exception {
    int number = FreeDomain.take();
    Map<String, String> domain = Forearm.domain(number);
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--seed", "3");
        Forearm run =
            Forearm.start(
                folder, domain, "run", "--robot=tabletop", "--bundle=expert", "--out=.")) {
      Map<?, ?> told = peer(number, "watch");
      assertEquals(9, ((List<?>) get(told, "joints")).size(), sim::output);
      assertEquals(8, get(told, "command_values"), run::output);
      for (String camera : List.of("/scene_camera/image_raw", "/wrist_camera/image_raw")) {
        Map<?, ?> image = (Map<?, ?>) get(told, camera);
        assertEquals(List.of(96, 96), get(image, "size"), camera);
        assertEquals("rgb8", get(image, "encoding"), camera);
        assertEquals(3 * 96 * 96, get(image, "bytes"), camera);
        assertTrue((int) get(image, "colours") > 10, () -> camera + " is drawn: " + image);
      }
    }
  }

  @Test
  void itDrivesTheSimulatedArmByPositionsAndByTrajectory() throws Exception {
    int number = FreeDomain.take();
    try (Forearm sim = Forearm.start(folder, Forearm.domain(number), "sim", "--no-cameras")) {
      Map<?, ?> told = peer(number, "drive");
      assertEquals(STEP_RAD, (double) get(told, "by_positions"), TRACKING_RAD, sim::output);
      assertEquals(0, (double) get(told, "by_trajectory"), TRACKING_RAD, sim::output);
    }
  }

  /** What the peer answers; without its binding the test is skipped, or fails if it must not be. */
  private static Map<?, ?> peer(int domain, String mode) throws Exception {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    ProcessBuilder builder =
        new ProcessBuilder(python, "src/test/python/robot_peer.py", mode, Integer.toString(domain));
    builder.environment().put("CYCLONEDDS_URI", DdsOptions.loopback(domain).cycloneConfiguration());
    Process process = start(builder.redirectError(ProcessBuilder.Redirect.INHERIT));
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    if (process.exitValue() == NOT_INSTALLED) {
      missing(python + " has no module cyclonedds");
    }
    assertEquals(0, process.exitValue(), answer);
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(answer);
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      missing(builder.command().getFirst() + " is not there: " + e.getMessage());
      throw new AssertionError(e);
    }
  }

  private static void missing(String what) {
    String message = what + "; install it or set FOREARM_PYTHON to a Python that has it";
    if ("1".equals(System.getenv("FOREARM_REQUIRE_PEERS"))) {
      fail(message);
    }
    abort(message);
  }

  private static Object get(Map<?, ?> map, String key) {
    return Optional.<Object>ofNullable(map.get(key))
        .orElseThrow(() -> new AssertionError(key + " is missing in " + map));
  }
}
