package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ViewCommandTest {
  private static final String STUDENT = "../models/bundles/lift-sft";

  @TempDir private Path folder;

  private BufferedImage picture(Path place, String... more) throws IOException {
    Path png = folder.resolve("view.png");
    StringWriter said = new StringWriter();
    String[] options = {"view", place.toString(), "--picture", png.toString()};
    int exitCode =
        Main.run(
            new PrintWriter(said, true),
            Stream.concat(Arrays.stream(options), Arrays.stream(more)).toArray(String[]::new));
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
    BufferedImage whole = picture(episode, "--bundle", STUDENT, "--at", "1.5");
    assertTrue(whole.getWidth() > 1000 && whole.getHeight() > 600);
    BufferedImage without = picture(episode, "--bundle", "no-such-bundle", "--at", "1.5");
    assertTrue(
        imagined(whole) > imagined(without) + 500, imagined(whole) + " " + imagined(without));
  }

  /** Pixels of a part of the picture, by its share of the width, that are of a colour. */
  private static long coloured(BufferedImage image, double from, double to) {
    long count = 0;
    for (int y = image.getHeight() / 8; y < image.getHeight(); y++) {
      for (int x = (int) (from * image.getWidth()); x < to * image.getWidth(); x++) {
        int red = image.getRGB(x, y) >> 16 & 255;
        int green = image.getRGB(x, y) >> 8 & 255;
        int blue = image.getRGB(x, y) & 255;
        int most = Math.max(red, Math.max(green, blue));
        count += most - Math.min(red, Math.min(green, blue)) > 70 ? 1 : 0;
      }
    }
    return count;
  }

  /** What a learner writes while the picture is taken ends in the middle of a line. */
  @Test
  void aLearnersFolderIsDrawnAsFarAsItHasCome() throws IOException {
    Path learner = Files.createDirectories(folder.resolve("learner"));
    Files.writeString(learner.resolve("learner.json"), "{\"iterations\": []}");
    BufferedImage begun = picture(learner);
    Files.writeString(
        learner.resolve("learner.json"),
        """
        {"iterations": [
          {"episodes": 64, "successes": 31, "incumbent_success": 0.5, "candidate_success": 0.6,
           "accepted": true},
          {"episodes": 64, "successes": 40, "incumbent_success": 0.6, "candidate_success": 0.7,
           "accepted": true}]}
        """);
    BufferedImage iterated = picture(learner);
    assertTrue(coloured(iterated, 0, 0.5) > coloured(begun, 0, 0.5) + 200);
    Files.writeString(
        learner.resolve("progress.jsonl"),
        """
        {"iteration": 3}
        {"phase": "world model", "done": 20, "of": 60, "loss": 0.9}
        {"phase": "world model", "done": 40, "of": 60, "loss": 0.1}
        {"phase": "world model", "do\
        """);
    BufferedImage trained = picture(learner);
    assertTrue(coloured(trained, 0.5, 1) > coloured(iterated, 0.5, 1) + 200);
  }
}
