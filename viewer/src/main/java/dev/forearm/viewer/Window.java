package dev.forearm.viewer;

import static org.lwjgl.glfw.GLFW.*;
import static org.lwjgl.opengl.GL33C.*;

import imgui.ImFont;
import imgui.ImGui;
import imgui.flag.ImGuiCol;
import imgui.gl3.ImGuiImplGl3;
import imgui.glfw.ImGuiImplGlfw;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.lwjgl.BufferUtils;
import org.lwjgl.PointerBuffer;
import org.lwjgl.glfw.Callbacks;
import org.lwjgl.opengl.GL;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryStack;

/**
 * A window of the desktop with an OpenGL context and Dear ImGui in it, or one that is nowhere and
 * needs no display. Made, used and closed by one thread; GLFW on Linux lets that be any.
 */
final class Window implements AutoCloseable {
  private static final String GLSL = "#version 330 core";
  private static final List<Path> FONTS =
      List.of(
          Path.of("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
          Path.of("/usr/share/fonts/truetype/ubuntu/Ubuntu-R.ttf"),
          Path.of("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"));

  private final long handle;
  private final ImGuiImplGlfw glfw = new ImGuiImplGlfw();
  private final ImGuiImplGl3 gl = new ImGuiImplGl3();
  private final ImFont font;
  private int width;
  private int height;

  /**
   * Opens a window of the desktop.
   *
   * @throws ViewerFault if there is no display or no OpenGL 3.3
   */
  static Window open(String title, int width, int height) {
    glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
    return new Window(title, width, height, GLFW_NATIVE_CONTEXT_API);
  }

  /**
   * Makes one that nobody sees, for pictures; EGL draws it where there is no display.
   *
   * @throws ViewerFault if there is no EGL or no OpenGL 3.3
   */
  static Window hidden(int width, int height) {
    Configuration.OPENGL_CONTEXT_API.set("EGL");
    glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_NULL);
    return new Window("hidden", width, height, GLFW_EGL_CONTEXT_API);
  }

  private Window(String title, int width, int height, int contextApi) {
    if (!glfwInit()) {
      throw new ViewerFault("opening a window: " + lastError());
    }
    handle = create(title, width, height, contextApi);
    glfwMakeContextCurrent(handle);
    glfwSwapInterval(0); // the frame rate is ours: a hidden window must not stall
    GL.createCapabilities();
    ImGui.createContext();
    ImGui.getIO().setIniFilename(null);
    font = font();
    style();
    glfw.init(handle, true);
    gl.init(GLSL);
    glfwShowWindow(handle);
  }

  ImFont fontOfAll() {
    return font;
  }

  /** Whether somebody asked for it to close. */
  boolean shouldClose() {
    return glfwWindowShouldClose(handle);
  }

  /** Waits for input, at most this long, then starts a frame; false if nothing is to be seen. */
  boolean beginFrame(double atMostSeconds) {
    glfwWaitEventsTimeout(atMostSeconds);
    readSize();
    if (width == 0 || height == 0) {
      return false;
    }
    gl.newFrame();
    glfw.newFrame();
    ImGui.newFrame();
    return true;
  }

  /** Pixels, as of the last {@link #beginFrame}. */
  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Draws what was said since {@link #beginFrame}. */
  void endFrame() {
    ImGui.render();
    glViewport(0, 0, width, height);
    int back = Palette.BACKGROUND;
    glClearColor((back & 255) / 255f, (back >> 8 & 255) / 255f, (back >> 16 & 255) / 255f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    gl.renderDrawData(ImGui.getDrawData());
  }

  /** Shows the frame. */
  void present() {
    glfwSwapBuffers(handle);
  }

  /**
   * Writes the frame as PNG; before {@link #present}.
   *
   * @throws ViewerFault if it cannot be written
   */
  void save(Path file) {
    ByteBuffer rgb = BufferUtils.createByteBuffer(3 * width * height);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, rgb);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      int pixel =
          ((rgb.get(3 * i) & 255) << 16)
              | ((rgb.get(3 * i + 1) & 255) << 8)
              | (rgb.get(3 * i + 2) & 255);
      image.setRGB(i % width, height - 1 - i / width, pixel);
    }
    try {
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException e) {
      throw new ViewerFault("writing the window to %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    gl.shutdown();
    Callbacks.glfwFreeCallbacks(handle); // ImGuiImplGlfw.shutdown fails where a cursor is missing
    ImGui.destroyContext();
    GL.setCapabilities(null);
    glfwDestroyWindow(handle);
    glfwTerminate();
  }

  private static long create(String title, int width, int height, int contextApi) {
    glfwWindowHint(GLFW_CONTEXT_CREATION_API, contextApi);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    long created = glfwCreateWindow(width, height, title, 0, 0);
    if (created == 0) {
      String why = lastError();
      glfwTerminate();
      throw new ViewerFault("opening a window with OpenGL 3.3: " + why);
    }
    return created;
  }

  private static String lastError() {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer text = stack.mallocPointer(1);
      int code = glfwGetError(text);
      return code == GLFW_NO_ERROR ? "GLFW gives no reason" : text.getStringUTF8(0);
    }
  }

  private void readSize() {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      var w = stack.mallocInt(1);
      var h = stack.mallocInt(1);
      glfwGetFramebufferSize(handle, w, h);
      width = w.get(0);
      height = h.get(0);
    }
  }

  /** The desktop's plain font if it is where Debian puts it, else the one Dear ImGui carries. */
  private static ImFont font() {
    var atlas = ImGui.getIO().getFonts();
    for (Path file : FONTS) {
      if (Files.isReadable(file)) {
        return atlas.addFontFromFileTTF(file.toString(), Canvas.LARGE);
      }
    }
    return atlas.addFontDefault();
  }

  private static void style() {
    var style = ImGui.getStyle();
    style.setWindowRounding(6);
    style.setWindowBorderSize(0);
    style.setColor(ImGuiCol.WindowBg, Palette.PANEL);
  }
}
