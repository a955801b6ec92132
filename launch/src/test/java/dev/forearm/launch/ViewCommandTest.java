package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ViewCommandTest {
  private static final String STUDENT = "../models/bundles/lift-sft";

  @TempDir private Path folder;

  private BufferedImage picture(Path episode, String bundle) throws IOException {
    Path png = folder.resolve("view.png");
    StringWriter said = new StringWriter();
    int exitCode =
        Main.run(
            new PrintWriter(said, true),
            "view",
            episode.toString(),
            "--bundle",
            bundle,
            "--picture",
            png.toString(),
            "--at",
            "1.5");
    boolean blind = exitCode != 0 && said.toString().contains("OpenGL");
    assumeFalse(blind && !"1".equals(System.getenv("FOREARM_REQUIRE_PEERS")), said::toString);
    assertEquals(0, exitCode, said::toString);
    return ImageIO.read(png.toFile());
  }

  /** Pixels of the scene, in the picture's middle, that are of the colour of what is imagined. */
  private static long imagined(BufferedImage image) {
    long count = 0;
    for (int y = image.getHeight() / 8; y < image.getHeight() / 2; y++) {
      for (int x = image.getWidth() / 4; x < 3 * image.getWidth() / 4; x++) {
        int red = image.getRGB(x, y) >> 16 & 255;
        int blue = image.getRGB(x, y) & 255;
        count += red > 120 && red > blue + 60 ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void aMomentOfAnEpisodeIsDrawnWithoutADisplayAndWithWhatWasImagined() throws IOException {
    Path episode = RecordedEpisode.in(folder);
    BufferedImage whole = picture(episode, STUDENT);
    assertTrue(whole.getWidth() > 1000 && whole.getHeight() > 600);
    BufferedImage without = picture(episode, "no-such-bundle");
    assertTrue(
        imagined(whole) > imagined(without) + 500, imagined(whole) + " " + imagined(without));
  }
}
