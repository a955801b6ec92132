package dev.forearm.viewer.scene;

import static org.lwjgl.opengl.GL33C.*;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is drawn into: several samples a pixel, averaged into a texture in the end. */
final class SceneTarget implements AutoCloseable {
  private static final int SAMPLES = 4;

  private final int samples = Math.min(SAMPLES, glGetInteger(GL_MAX_SAMPLES));
  private final int drawn = glGenFramebuffers();
  private final int colour = glGenRenderbuffers();
  private final int depth = glGenRenderbuffers();
  private final int shown = glGenFramebuffers();
  private final int texture = glGenTextures();
  private int width;
  private int height;

  int texture() {
    return texture;
  }

  void begin(int newWidth, int newHeight) {
    if (newWidth != width || newHeight != height) {
      resize(newWidth, newHeight);
    }
    glBindFramebuffer(GL_FRAMEBUFFER, drawn);
    glViewport(0, 0, width, height);
  }

  void end() {
    glBindFramebuffer(GL_READ_FRAMEBUFFER, drawn);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, shown);
    glBlitFramebuffer(0, 0, width, height, 0, 0, width, height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
  }

  private void resize(int newWidth, int newHeight) {
    width = newWidth;
    height = newHeight;
    glBindRenderbuffer(GL_RENDERBUFFER, colour);
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, GL_RGBA8, width, height);
    glBindRenderbuffer(GL_RENDERBUFFER, depth);
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, GL_DEPTH24_STENCIL8, width, height);
    glBindFramebuffer(GL_FRAMEBUFFER, drawn);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER, depth);
    glBindTexture(GL_TEXTURE_2D, texture);
    @Nullable ByteBuffer nothing = null;
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nothing);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glBindFramebuffer(GL_FRAMEBUFFER, shown);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
      throw new IllegalStateException(
          "scene: cannot draw %s x %s pixels with %s samples".formatted(width, height, samples));
    }
  }

  @Override
  public void close() {
    glDeleteFramebuffers(drawn);
    glDeleteFramebuffers(shown);
    glDeleteRenderbuffers(colour);
    glDeleteRenderbuffers(depth);
    glDeleteTextures(texture);
  }
}
