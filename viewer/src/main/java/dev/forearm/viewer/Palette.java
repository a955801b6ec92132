package dev.forearm.viewer;

import dev.forearm.runtime.safety.SafetyState;

/** Colours, packed as Dear ImGui wants them: alpha, blue, green, red from the highest byte. */
final class Palette {
  static final int BACKGROUND = rgb(0x12161c);
  static final int PANEL = rgb(0x1a2028);
  static final int RAISED = rgb(0x262e39);
  static final int GRID = rgb(0x2c3541);
  static final int TEXT = rgb(0xe4e9f0);
  static final int MUTED = rgb(0x8b98a9);
  static final int MEASURED = rgb(0x5cc8ff);
  static final int IMAGINED = rgb(0xffb454);
  static final int GOOD = rgb(0x3fbf7f);
  static final int CAUTION = rgb(0xe6b422);
  static final int BAD = rgb(0xe5534b);
  static final int SHELL = rgb(0xdfe4ea);
  static final int JOINT = rgb(0x4a5361);
  static final int TOOL = rgb(0x2f9fb5);
  static final int DARK = rgb(0x10141a);

  private static final int[] OBJECTS = {
    rgb(0xb48eff), rgb(0x7fd1b9), rgb(0xf28fad), rgb(0xc3d15c), rgb(0x8fa8f2), rgb(0xd8a47f)
  };

  private Palette() {}

  /** Of a safety state. */
  static int of(SafetyState state) {
    return switch (state) {
      case IDLE -> MUTED;
      case HOLD -> CAUTION;
      case RUN -> GOOD;
      case RAMP_DOWN, STOPPED, FAULT -> BAD;
    };
  }

  /** Of an object: a colour word in its name counts, else its place in the list. */
  static int of(String name, int index) {
    if (name.contains("red")) {
      return rgb(0xff6b6b);
    }
    if (name.contains("green")) {
      return rgb(0x5fd068);
    }
    if (name.contains("blue")) {
      return rgb(0x6c9bff);
    }
    return OBJECTS[index % OBJECTS.length];
  }

  /** The same colour with another opacity, 0 to 1. */
  static int faded(int colour, double opacity) {
    return (colour & 0x00ff_ffff) | ((int) Math.round(opacity * 255) << 24);
  }

  private static int rgb(int hex) {
    return 0xff00_0000 | (hex & 0xff) << 16 | (hex & 0xff00) | (hex >> 16 & 0xff);
  }
}
