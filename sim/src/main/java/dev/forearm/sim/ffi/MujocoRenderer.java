package dev.forearm.sim.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forearm.sim.SimFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;

/**
 * Draws a model's fixed cameras into memory. Needs a current OpenGL context (see {@link
 * EglContext}) and belongs to that context's thread. Drawing allocates nothing.
 */
public final class MujocoRenderer implements AutoCloseable {
  private static final int GEOMS_MAX = 500;
  private static final int FONT_SCALE = 100;
  private static final long WIDTH_OFFSET =
      Mujoco.RECT.byteOffset(PathElement.groupElement("width"));
  private static final long HEIGHT_OFFSET =
      Mujoco.RECT.byteOffset(PathElement.groupElement("height"));

  private final MujocoModel model;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment camera;
  private final MemorySegment option;
  private final MemorySegment scene;
  private final MemorySegment context;
  private final MemorySegment viewport = arena.allocate(Mujoco.RECT);
  private final long cameraIdOffset = Mujoco.LAYOUT.get("mjvCamera.fixedcamid");
  private final int categories = Mujoco.LAYOUT.get("mjCAT_ALL");
  private final int widthMax;
  private final int heightMax;

  /**
   * @param shadows whether lights cast shadows: good in a picture, costly in a stream
   * @throws SimFault if the OpenGL behind the current context has no offscreen buffers
   */
  public MujocoRenderer(MujocoModel model, boolean shadows) {
    this.model = model;
    camera = struct("mjvCamera");
    option = struct("mjvOption");
    scene = struct("mjvScene");
    context = struct("mjrContext");
    int offscreen = Mujoco.LAYOUT.get("mjFB_OFFSCREEN");
    try {
      Mujoco.DEFAULT_CAMERA.invokeExact(camera);
      Mujoco.DEFAULT_OPTION.invokeExact(option);
      Mujoco.DEFAULT_SCENE.invokeExact(scene);
      Mujoco.DEFAULT_CONTEXT.invokeExact(context);
      Mujoco.MAKE_SCENE.invokeExact(model.pointer(), scene, GEOMS_MAX);
      Mujoco.MAKE_CONTEXT.invokeExact(model.pointer(), context, FONT_SCALE);
      Mujoco.SET_BUFFER.invokeExact(offscreen, context);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
    if (context.get(JAVA_INT, Mujoco.LAYOUT.get("mjrContext.currentBuffer")) != offscreen) {
      throw new SimFault("cameras: this OpenGL has no offscreen buffer; update Mesa or the driver");
    }
    camera.set(JAVA_INT, Mujoco.LAYOUT.get("mjvCamera.type"), Mujoco.LAYOUT.get("mjCAMERA_FIXED"));
    context.set(
        JAVA_INT,
        Mujoco.LAYOUT.get("mjrContext.readDepthMap"),
        Mujoco.LAYOUT.get("mjDEPTH_ZEROFAR"));
    flag("mjRND_SHADOW", shadows);
    flag("mjRND_REFLECTION", false);
    widthMax = context.get(JAVA_INT, Mujoco.LAYOUT.get("mjrContext.offWidth"));
    heightMax = context.get(JAVA_INT, Mujoco.LAYOUT.get("mjrContext.offHeight"));
  }

  /**
   * Draws what a camera sees.
   *
   * @param data a state of the same model whose poses are up to date
   * @param cameraId from {@link MujocoModel#camera}
   * @param pixels receives {@code height} rows of {@code width} rgb8 pixels, bottom row first, as
   *     OpenGL has them
   * @throws IllegalArgumentException if the size does not fit the model's offscreen buffer or
   *     {@code pixels}
   */
  public void draw(MujocoData data, int cameraId, int width, int height, MemorySegment pixels) {
    if (width < 1 || height < 1 || width > widthMax || height > heightMax) {
      throw new IllegalArgumentException(
          "an image of %s x %s does not fit the offscreen buffer of %s x %s"
              .formatted(width, height, widthMax, heightMax));
    }
    if (pixels.byteSize() < 3L * width * height) {
      throw new IllegalArgumentException(
          "%s bytes are too few for %s x %s rgb8".formatted(pixels.byteSize(), width, height));
    }
    if (cameraId < 0 || cameraId >= model.size("ncam")) {
      throw new IllegalArgumentException("the model has no camera with id " + cameraId);
    }
    camera.set(JAVA_INT, cameraIdOffset, cameraId);
    viewport.set(JAVA_INT, WIDTH_OFFSET, width);
    viewport.set(JAVA_INT, HEIGHT_OFFSET, height);
    MemorySegment nothing = MemorySegment.NULL;
    try {
      Mujoco.UPDATE_SCENE.invokeExact(
          model.pointer(), data.pointer(), option, nothing, camera, categories, scene);
      Mujoco.RENDER.invokeExact(viewport, scene, context);
      Mujoco.READ_PIXELS.invokeExact(pixels, nothing, viewport, context);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /**
   * How far the pixels of the image that was drawn last are: along the camera's axis, in metres.
   *
   * @param depth receives {@code height} rows of {@code width} float32, bottom row first
   * @throws IllegalArgumentException if {@code depth} is too small for the image
   */
  public void readDepth(MemorySegment depth) {
    long pixels =
        (long) viewport.get(JAVA_INT, WIDTH_OFFSET) * viewport.get(JAVA_INT, HEIGHT_OFFSET);
    if (depth.byteSize() < pixels * Float.BYTES) {
      throw new IllegalArgumentException(
          "%s bytes are too few for %s pixels of float32".formatted(depth.byteSize(), pixels));
    }
    try {
      Mujoco.READ_PIXELS.invokeExact(MemorySegment.NULL, depth, viewport, context);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
    double near = model.nearMetres();
    double far = model.farMetres();
    for (long i = 0; i < pixels; i++) { // 1 is near, 0 is far, in between linear in 1 / distance
      double inverse = near + depth.getAtIndex(JAVA_FLOAT, i) * (far - near);
      depth.setAtIndex(JAVA_FLOAT, i, (float) (near * far / inverse));
    }
  }

  @Override
  public void close() {
    try {
      Mujoco.FREE_CONTEXT.invokeExact(context);
      Mujoco.FREE_SCENE.invokeExact(scene);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
    arena.close();
  }

  private MemorySegment struct(String type) {
    return arena.allocate(Mujoco.LAYOUT.get("sizeof." + type), 16);
  }

  private void flag(String name, boolean on) {
    long offset = Mujoco.LAYOUT.get("mjvScene.flags") + (long) Mujoco.LAYOUT.get(name);
    scene.set(JAVA_BYTE, offset, (byte) (on ? 1 : 0));
  }
}
