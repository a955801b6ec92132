package dev.forearm.viewer;

/** A part of the window, pixels, y down. */
record Rectangle(float x, float y, float width, float height) {
  float right() {
    return x + width;
  }

  float bottom() {
    return y + height;
  }

  /** What is left inside a margin. */
  Rectangle inset(float left, float top, float right, float bottom) {
    return new Rectangle(
        x + left, y + top, Math.max(1, width - left - right), Math.max(1, height - top - bottom));
  }
}
