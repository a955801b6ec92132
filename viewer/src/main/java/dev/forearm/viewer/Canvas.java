package dev.forearm.viewer;

import imgui.ImDrawList;
import imgui.ImFont;
import imgui.ImGui;
import imgui.flag.ImGuiWindowFlags;

/** Where panels draw. Valid between {@link #begin} and {@link #end}; the viewer's thread only. */
final class Canvas {
  static final int TEXT_SIZE = 14;
  static final int SMALL = 12;
  static final int LARGE = 20;
  private static final int FIXED =
      ImGuiWindowFlags.NoDecoration
          | ImGuiWindowFlags.NoMove
          | ImGuiWindowFlags.NoSavedSettings
          | ImGuiWindowFlags.NoInputs;
  private static final float TITLE = 24;
  private static final float MARGIN = 10;

  private final ImFont font;
  private ImDrawList list = new ImDrawList(0);

  Canvas(ImFont font) {
    this.font = font;
  }

  /**
   * Starts a panel.
   *
   * @param title in its corner; empty: none
   * @return what may be drawn on
   */
  Rectangle begin(String name, String title, Rectangle area) {
    ImGui.setNextWindowPos(area.x(), area.y());
    ImGui.setNextWindowSize(area.width(), area.height());
    ImGui.begin(name, FIXED);
    list = ImGui.getWindowDrawList();
    if (title.isEmpty()) {
      return area.inset(MARGIN, MARGIN, MARGIN, MARGIN);
    }
    text(area.x() + MARGIN, area.y() + 6, SMALL, Palette.MUTED, title);
    return area.inset(MARGIN, TITLE, MARGIN, MARGIN);
  }

  void end() {
    ImGui.end();
  }

  void text(float x, float y, int size, int colour, String text) {
    list.addText(font, size, x, y, colour, text);
  }

  void textToTheLeftOf(float right, float y, int size, int colour, String text) {
    text(right - width(size, text), y, size, colour, text);
  }

  /** The text, cut off with an ellipsis where it does not fit. */
  void textWithin(float x, float y, float width, int size, int colour, String text) {
    String shown = text;
    while (shown.length() > 1 && width(size, shown) > width) {
      shown = shown.substring(0, shown.length() - 1);
    }
    boolean cut = shown.length() < text.length() && shown.length() > 3;
    text(x, y, size, colour, cut ? shown.substring(0, shown.length() - 2) + "..." : shown);
  }

  float width(int size, String text) {
    return ImGui.calcTextSizeX(text) * size / ImGui.getFontSize();
  }

  void line(float x0, float y0, float x1, float y1, int colour, float thickness) {
    list.addLine(x0, y0, x1, y1, colour, thickness);
  }

  /** A line of which every other bit is missing. */
  void dashes(float x0, float y0, float x1, float y1, int colour, float thickness) {
    float length = (float) Math.hypot(x1 - x0, y1 - y0);
    int pieces = Math.max(1, (int) (length / 4)) | 1;
    for (int i = 0; i < pieces; i += 2) {
      float from = (float) i / pieces;
      float to = (float) (i + 1) / pieces;
      line(
          x0 + from * (x1 - x0),
          y0 + from * (y1 - y0),
          x0 + to * (x1 - x0),
          y0 + to * (y1 - y0),
          colour,
          thickness);
    }
  }

  void fill(float x, float y, float width, float height, int colour, float rounding) {
    list.addRectFilled(x, y, x + width, y + height, colour, rounding);
  }

  void outline(float x, float y, float width, float height, int colour) {
    list.addRect(x, y, x + width, y + height, colour);
  }

  void disc(float x, float y, float radius, int colour) {
    list.addCircleFilled(x, y, radius, colour, 24);
  }

  void ring(float x, float y, float radius, int colour, float thickness) {
    list.addCircle(x, y, radius, colour, 24, thickness);
  }

  void image(long texture, float x, float y, float width, float height) {
    list.addImage(texture, x, y, x + width, y + height);
  }

  /** A texture whose rows go up, as OpenGL draws them. */
  void upright(long texture, Rectangle area) {
    list.addImage(texture, area.x(), area.y(), area.right(), area.bottom(), 0, 1, 1, 0);
  }

  void clip(Rectangle area) {
    list.pushClipRect(area.x(), area.y(), area.right(), area.bottom(), true);
  }

  void unclip() {
    list.popClipRect();
  }
}
