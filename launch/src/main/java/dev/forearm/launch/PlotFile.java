package dev.forearm.launch;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/** Charts as one picture, one below the other. */
public final class PlotFile {
  private PlotFile() {}

  /**
   * Writes the picture.
   *
   * @param charts at least one
   * @throws LaunchFailure if it cannot be drawn or the file cannot be written
   */
  public static void write(Path png, List<XYChart> charts) {
    write("--plot %s:".formatted(png), png, charts);
  }

  /**
   * Puts the picture in the place of one that somebody may be looking at, as a whole.
   *
   * @throws LaunchFailure as {@link #write}
   */
  public static void replace(Path png, List<XYChart> charts) {
    Path part = png.resolveSibling(png.getFileName() + ".part");
    write(png.toString(), part, charts);
    try {
      Files.move(part, png, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LaunchFailure("%s cannot be written (%s)".formatted(png, e.getMessage()), e);
    }
  }

  private static void write(String what, Path png, List<XYChart> charts) {
    try (OutputStream out = Files.newOutputStream(png)) {
      ImageIO.write(drawn(charts), "png", out);
    } catch (IOException e) {
      throw new LaunchFailure(
          "%s cannot be written (%s); name a file in a folder you may write to"
              .formatted(what, e.getMessage()),
          e);
    } catch (LinkageError | InternalError e) { // how Java says that it cannot draw letters
      throw new LaunchFailure(
          "%s cannot be drawn (%s); install libharfbuzz0b, libfontconfig1 and a font"
              .formatted(what, e.getMessage()),
          e);
    }
  }

  private static BufferedImage drawn(List<XYChart> charts) {
    List<BufferedImage> panels = charts.stream().map(BitmapEncoder::getBufferedImage).toList();
    int height = panels.stream().mapToInt(BufferedImage::getHeight).sum();
    BufferedImage all =
        new BufferedImage(panels.getFirst().getWidth(), height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = all.createGraphics();
    int y = 0;
    for (BufferedImage panel : panels) {
      graphics.drawImage(panel, 0, y, null);
      y += panel.getHeight();
    }
    graphics.dispose();
    return all;
  }
}
