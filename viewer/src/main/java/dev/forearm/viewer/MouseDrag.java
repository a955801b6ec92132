package dev.forearm.viewer;

import imgui.ImGui;
import imgui.flag.ImGuiMouseButton;

/** What the mouse does in one part of the window, from one frame to the next. */
final class MouseDrag {
  static final int LEFT = ImGuiMouseButton.Left;
  static final int RIGHT = ImGuiMouseButton.Right;
  static final int MIDDLE = ImGuiMouseButton.Middle;
  private static final int NONE = -1;

  private int button = NONE; // that went down inside and is still down
  private boolean inside;

  /** Looks once a frame. */
  void look(Rectangle area) {
    inside = ImGui.isMouseHoveringRect(area.x(), area.y(), area.right(), area.bottom(), false);
    if (button != NONE && !ImGui.isMouseDown(button)) {
      button = NONE;
    }
    for (int each = LEFT; each <= MIDDLE && button == NONE; each++) {
      if (inside && ImGui.isMouseClicked(each)) {
        button = each;
      }
    }
  }

  /** Whether this button went down inside and is held, wherever the mouse is now. */
  boolean isBy(int wanted) {
    return button == wanted;
  }

  /** Pixels since the frame before. */
  float right() {
    return ImGui.getIO().getMouseDeltaX();
  }

  float down() {
    return ImGui.getIO().getMouseDeltaY();
  }

  /** Where the mouse is, pixels. */
  float x() {
    return ImGui.getMousePosX();
  }

  /** Notches that the wheel was turned away, while the mouse was inside. */
  float wheel() {
    return inside ? ImGui.getIO().getMouseWheel() : 0;
  }

  /** Whether there was a double click inside. */
  boolean doubled() {
    return inside && ImGui.isMouseDoubleClicked(LEFT);
  }
}
