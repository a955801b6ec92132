package dev.forearm.viewer;

import static org.lwjgl.opengl.GL33C.*;

import java.nio.ByteBuffer;
import org.lwjgl.BufferUtils;

/** A picture on the graphics card. The viewer's thread only, in the window's context. */
final class Texture implements AutoCloseable {
  private final int id = glGenTextures();
  private ByteBuffer staging = BufferUtils.createByteBuffer(0);
  private int width;
  private int height;

  int id() {
    return id;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  boolean isEmpty() {
    return width == 0;
  }

  void upload(CameraImage image) {
    int bytes = 3 * image.width() * image.height();
    if (staging.capacity() < bytes) {
      staging = BufferUtils.createByteBuffer(bytes);
    }
    staging.clear().put(image.rgb(), 0, bytes).flip();
    glBindTexture(GL_TEXTURE_2D, id);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    if (image.width() == width && image.height() == height) {
      glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, staging);
      return;
    }
    width = image.width();
    height = image.height();
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, width, height, 0, GL_RGB, GL_UNSIGNED_BYTE, staging);
  }

  @Override
  public void close() {
    glDeleteTextures(id);
  }
}
