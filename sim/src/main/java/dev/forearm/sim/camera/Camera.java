package dev.forearm.sim.camera;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.sim.ffi.EglContext;
import dev.forearm.sim.ffi.MujocoData;
import dev.forearm.sim.ffi.MujocoModel;
import dev.forearm.sim.ffi.MujocoRenderer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Draws what a model's cameras see, without a window. Made, used and closed by one thread, which
 * must have no other OpenGL context. Drawing allocates nothing after the first image of a size.
 */
public final class Camera implements AutoCloseable {
  private static final float MILLIMETRES_PER_METRE = 1000;
  private static final float DEPTH_MAX_METRES = 10; // as of such cameras; the sky is drawn behind

  private final MujocoModel model;
  private final EglContext context;
  private final MujocoRenderer renderer;
  private final MujocoData data;
  private final Arena arena = Arena.ofConfined();
  private MemorySegment pixels = arena.allocate(1);
  private MemorySegment metres = arena.allocate(1);

  /**
   * @param model stays the caller's
   * @param shadows whether lights cast shadows: good in a picture, costly in a stream
   * @throws dev.forearm.sim.SimFault if there is no EGL or no OpenGL, with the remedy
   */
  public Camera(MujocoModel model, boolean shadows) {
    this.model = model;
    context = new EglContext();
    renderer = new MujocoRenderer(model, shadows);
    data = new MujocoData(model);
    data.forwardPoses();
  }

  /** What is drawn from now on: a state saved from data of the same scene. */
  public void show(SceneState state) {
    data.restore(state.state());
    data.forwardPoses();
  }

  /**
   * Draws one image.
   *
   * @param camera id, from {@link MujocoModel#camera}
   * @param rgb receives rgb8 rows, top row first; at least 3 width height bytes
   * @throws IllegalArgumentException if the size is larger than the model's offscreen buffer
   */
  public void draw(int camera, int width, int height, byte[] rgb) {
    int row = 3 * width;
    if (pixels.byteSize() < (long) row * height) {
      pixels = arena.allocate((long) row * height);
    }
    renderer.draw(data, camera, width, height, pixels);
    for (int y = 0; y < height; y++) {
      long from = (long) (height - 1 - y) * row; // OpenGL's bottom row comes first
      MemorySegment.copy(pixels, JAVA_BYTE, from, rgb, y * row, row);
    }
  }

  /**
   * How far what the image that was drawn last shows is along the camera's axis, as depth cameras
   * tell it.
   *
   * @param width of that image
   * @param height of that image
   * @param depth receives 16UC1 rows, top row first: millimetres, low byte first, 0 where nothing
   *     is within 10 m; at least 2 width height bytes
   */
  public void depth(int width, int height, byte[] depth) {
    long bytes = (long) Float.BYTES * width * height;
    if (metres.byteSize() < bytes) {
      metres = arena.allocate(bytes, Float.BYTES);
    }
    renderer.readDepth(metres);
    for (int y = 0; y < height; y++) {
      long from = (long) (height - 1 - y) * width;
      for (int x = 0; x < width; x++) {
        float far = metres.getAtIndex(JAVA_FLOAT, from + x);
        int millimetres = far <= DEPTH_MAX_METRES ? Math.round(far * MILLIMETRES_PER_METRE) : 0;
        int at = 2 * (y * width + x);
        depth[at] = (byte) millimetres;
        depth[at + 1] = (byte) (millimetres >> Byte.SIZE);
      }
    }
  }

  /** The model whose cameras these are. */
  public MujocoModel model() {
    return model;
  }

  @Override
  public void close() {
    data.close();
    renderer.close();
    context.close();
    arena.close();
  }
}
