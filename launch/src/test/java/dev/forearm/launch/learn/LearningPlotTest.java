package dev.forearm.launch.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.viewer.Learning;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LearningPlotTest {
  @TempDir private Path folder;

  private static Learning.Iteration iteration(int successes, double before, double after) {
    return new Learning.Iteration(successes / 64.0, before, after, after >= before);
  }

  /** Pixels that are neither grey nor white: lines and markers. */
  private static long coloured(Path png) throws IOException {
    BufferedImage image = ImageIO.read(png.toFile());
    long count = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        int rgb = image.getRGB(x, y);
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        count +=
            Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue)) > 60
                ? 1
                : 0;
      }
    }
    return count;
  }

  @Test
  void eachIterationAddsToThePicture() throws IOException {
    Path png = folder.resolve(LearningPlot.FILE);
    List<Learning.Iteration> brought = new ArrayList<>();
    List<Long> drawn = new ArrayList<>();
    double[][] rates = {{0.55, 0.5}, {0.56, 0.68}, {0.7, 0.66}, {0.69, 0.8}};
    for (double[] rate : rates) {
      brought.add(iteration(30 + 4 * brought.size(), rate[0], rate[1]));
      new LearningPlot(brought).write(png);
      drawn.add(coloured(png));
      assertFalse(Files.exists(folder.resolve(LearningPlot.FILE + ".part")));
    }
    assertEquals(drawn.stream().sorted().toList(), drawn);
    assertTrue(drawn.getLast() > drawn.getFirst());
  }

  @Test
  void oneWithoutComparisonsShowsHowTheEpisodesWent() throws IOException {
    Path png = folder.resolve(LearningPlot.FILE);
    new LearningPlot(List.of(new Learning.Iteration(0.55, Double.NaN, Double.NaN, false)))
        .write(png);
    assertTrue(coloured(png) > 0);
  }
}
