package dev.forearm.sim.camera;

import dev.forearm.sim.SimFault;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.scene.TabletopModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures of the scene for people: any size, smooth edges, shadows. */
public final class Picture {
  private Picture() {}

  /**
   * Draws the scene as it is now into a PNG file.
   *
   * @param camera {@code portrait}, {@code scene} or {@code wrist}
   * @param width at most 1920
   * @param height at most 1080
   * @throws SimFault if it cannot be drawn or written
   */
  public static void write(Tabletop scene, String camera, int width, int height, Path file) {
    try (MujocoModel model = TabletopModel.compile(Gap.none(), TabletopModel.Detail.PICTURE)) {
      write(model, scene.data(), camera, width, height, file);
    }
  }

  /** As {@link #write}, of any model's state; it is drawn as the model says. */
  public static void write(
      MujocoModel model, MujocoData data, String camera, int width, int height, Path file) {
    byte[] rgb = new byte[3 * width * height];
    try (Camera drawing = new Camera(model, true)) {
      SceneState state = new SceneState(data);
      state.save(data, 0);
      drawing.show(state);
      drawing.draw(model.camera(camera), width, height, rgb);
    }
    write(rgb, width, height, file);
  }

  private static void write(byte[] rgb, int width, int height, Path file) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      int pixel =
          ((rgb[3 * i] & 255) << 16) | ((rgb[3 * i + 1] & 255) << 8) | (rgb[3 * i + 2] & 255);
      image.setRGB(i % width, i / width, pixel);
    }
    try {
      if (!ImageIO.write(image, "png", file.toFile())) {
        throw new SimFault("picture %s: this Java has no PNG writer".formatted(file));
      }
    } catch (IOException e) {
      throw new SimFault("picture %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
