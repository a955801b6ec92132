package dev.forearm.sim.expert;

/**
 * The demonstrator's rules: from the hand and the objects right now to where the hand should be
 * heading right now. Nothing is remembered, so the same sight always leads to the same act. Lengths
 * m, base frame; a cube is x y z yaw.
 */
final class Skill {
  static final double OPEN = 0.04;
  static final double GRIP = 0.004; // commanded; the cube stops the fingers at half its edge
  static final double SHUT = 0.0;

  private static final double CUBE_HALF_EDGE = 0.02;
  private static final double WIDE = 0.036; // an opening beyond this lets a cube in
  private static final double FREE = 0.030; // an opening beyond this lets a placed cube go
  static final double GRIPPED = 0.0225; // fingers on a cube close no further than this
  private static final double HOVER = 0.11; // over a cube, before descending
  private static final double CARRY = 0.17;
  private static final double CARRY_CLEAR = 0.09; // enough to pass over cubes and walls
  private static final double LIFTED = 0.20;
  private static final double RELEASE = 0.031; // over the table, in a bin
  private static final double IN_BIN = 0.055; // from its centre
  private static final double IN_BIN_HEIGHT = 0.036;
  private static final double BUTTON_HOVER = 0.13;
  private static final double BUTTON_PRESSED = 0.037;

  private Skill() {}

  /** Grasp the cube and raise it. */
  static void lift(Hand hand, double[] cube, Goal goal) {
    if (holds(hand, cube)) {
      goal.at(hand.x, hand.y, LIFTED, 0, GRIP);
    } else {
      grasp(hand, cube, goal);
    }
  }

  /** Red cube, blue cube, button: the first that is not done. Bins and button are x y z. */
  static void tidy(
      Hand hand,
      double[] red,
      double[] blue,
      double[] leftBin,
      double[] rightBin,
      double[] button,
      Goal goal) {
    if (!settle(hand, red, leftBin, goal) && !settle(hand, blue, rightBin, goal)) {
      press(hand, button, goal);
    }
  }

  /** Whether the fingers are around the cube and closed on it. */
  static boolean holds(Hand hand, double[] cube) {
    return around(hand, cube, 0.014, 0.016) && hand.opening < GRIPPED;
  }

  /** Whether the cube is between the fingers, closed or not. */
  static boolean surrounds(Hand hand, double[] cube) {
    return around(hand, cube, 0.018, 0.018);
  }

  /**
   * Brings a cube into its bin and the hand clear of it.
   *
   * @return false if that is done already
   */
  private static boolean settle(Hand hand, double[] cube, double[] bin, Goal goal) {
    boolean in =
        Math.abs(cube[0] - bin[0]) < IN_BIN
            && Math.abs(cube[1] - bin[1]) < IN_BIN
            && cube[2] < IN_BIN_HEIGHT;
    if (in) {
      return leave(hand, cube, goal);
    }
    if (holds(hand, cube)) {
      carry(hand, bin, goal);
    } else {
      grasp(hand, cube, goal);
    }
    return true;
  }

  private static boolean leave(Hand hand, double[] cube, Goal goal) {
    if (hand.distanceTo(cube, 0) > 0.04 || hand.z > CARRY_CLEAR) {
      return false;
    }
    boolean free = hand.opening > FREE || !around(hand, cube, 0.02, 0.025);
    goal.at(hand.x, hand.y, free ? CARRY : hand.z, 0, OPEN);
    return true;
  }

  private static void carry(Hand hand, double[] bin, Goal goal) {
    double distance = hand.distanceTo(bin, 0);
    if (distance > 0.09 && hand.z < CARRY_CLEAR) {
      goal.at(hand.x, hand.y, CARRY, hand.yaw, GRIP);
    } else {
      double height = RELEASE + Math.clamp(4 * (distance - 0.012), 0, CARRY - RELEASE);
      goal.at(bin[0], bin[1], height, 0, GRIP);
    }
  }

  private static void grasp(Hand hand, double[] cube, Goal goal) {
    boolean closing = hand.opening < WIDE && around(hand, cube, 0.016, 0.012);
    double yawError = turn(hand.yaw, cube[3]);
    boolean ready = around(hand, cube, 0.007, 0.007) && Math.abs(yawError) < 0.1;
    if (closing || ready) {
      goal.at(hand.x, hand.y, hand.z, hand.yaw, GRIP);
      return;
    }
    double away = hand.distanceTo(cube, 0) + 0.03 * Math.abs(yawError);
    double height = CUBE_HALF_EDGE + Math.clamp(3.5 * (away - 0.009), 0, HOVER);
    if (hand.opening < WIDE) {
      height = CUBE_HALF_EDGE + HOVER;
    }
    boolean low = hand.z < CUBE_HALF_EDGE + 0.5 * HOVER;
    if (low && away > 0.05) { // beside the cube: up first
      goal.at(hand.x, hand.y, CUBE_HALF_EDGE + HOVER, hand.yaw, OPEN);
    } else {
      goal.at(cube[0], cube[1], height, hand.yaw + yawError, OPEN);
    }
  }

  private static void press(Hand hand, double[] button, Goal goal) {
    double away = hand.distanceTo(button, 0);
    double height = BUTTON_PRESSED + Math.clamp(4 * (away - 0.010), 0, BUTTON_HOVER);
    if (hand.opening > 0.01) {
      height = BUTTON_HOVER;
    }
    goal.at(button[0], button[1], height, 0, SHUT);
  }

  private static boolean around(Hand hand, double[] cube, double sideways, double upwards) {
    return hand.distanceTo(cube, 0) < sideways && Math.abs(hand.z - cube[2]) < upwards;
  }

  /** From one yaw to the nearest of another's four quarter turns that keeps the wrist near zero. */
  private static double turn(double from, double cubeYaw) {
    double quarter = Math.PI / 2;
    return cubeYaw - quarter * Math.rint(cubeYaw / quarter) - from;
  }
}
