package dev.forearm.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The window itself, in a process whose DISPLAY is ours to choose. */
final class ViewerTest {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir @Nullable Path folder;

  @Test
  void theWindowShowsCameraAndPlotsOnADisplay() throws Exception {
    assumeTrue(
        onPath("Xvfb") || "1".equals(System.getenv("FOREARM_REQUIRE_PEERS")),
        "Xvfb is not on the PATH, so no window is opened here");
    Process display =
        new ProcessBuilder("Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String number = display.inputReader().readLine();
      Path picture = folder().resolve("window.png");
      String said = show(":" + number, picture);
      assertTrue(said.contains("shown"), said);
      var image = ImageIO.read(picture.toFile());
      Set<Integer> colours = new HashSet<>();
      for (int y = 0; y < image.getHeight(); y += 2) {
        for (int x = 0; x < image.getWidth(); x += 2) {
          colours.add(image.getRGB(x, y) & 0xffffff);
        }
      }
      assertTrue(colours.contains(ViewerProcess.CAMERA_RGB), "the camera's picture is in it");
      assertTrue(colours.size() > 50, "there is something else in it");
    } finally {
      display.destroy();
    }
  }

  @Test
  void withoutADisplayThereIsOneMessageAndNothingElse() throws Exception {
    String said = show(":none", folder().resolve("none.png"));
    assertTrue(said.contains("unseen"), said);
    assertEquals(1, said.lines().filter(line -> line.contains(" WARN ")).count(), said);
    assertTrue(said.contains("going on without the window"), said);
  }

  private static String show(String display, Path picture) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ViewerProcess.class.getName(),
                picture.toString())
            .redirectErrorStream(true);
    builder.environment().put("DISPLAY", display);
    builder.environment().remove("WAYLAND_DISPLAY");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  private Path folder() throws IOException {
    Path given = folder;
    return given == null ? Files.createTempDirectory("viewer") : given;
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }
}
