package dev.forearm.runtime.kinematics;

import dev.forearm.runtime.robot.ChainLink;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.SelfCollision;
import dev.forearm.runtime.robot.SelfCollision.Capsule;
import java.util.Arrays;

/**
 * How far apart the bodies of an arm are. Keeps scratch memory, so each thread owns its own
 * instance; no call allocates.
 */
public final class SelfDistance {
  private final SerialChain chain;
  private final double[] frames;
  private final int capsules;
  private final int[] frameOf; // [capsule], the link of the chain whose frame it is given in
  private final double[] local; // [capsule][6]
  private final double[] placed; // [capsule][6], base frame
  private final double[] radius;
  private final int[] pairs; // [pair][2]

  public SelfDistance(Robot robot, SelfCollision bodies) {
    chain = new SerialChain(robot);
    frames = new double[robot.chain().size() * SerialChain.FRAME];
    capsules = bodies.capsules().size();
    frameOf = new int[capsules];
    local = new double[6 * capsules];
    placed = new double[6 * capsules];
    radius = new double[capsules];
    for (int c = 0; c < capsules; c++) {
      Capsule capsule = bodies.capsules().get(c);
      frameOf[c] = linkOf(robot, capsule);
      radius[c] = capsule.radius();
      for (int i = 0; i < 3; i++) {
        local[6 * c + i] = capsule.from().get(i);
        local[6 * c + 3 + i] = capsule.to().get(i);
      }
    }
    pairs = bodies.pairs().stream().flatMapToInt(Arrays::stream).toArray();
  }

  /** The link of the chain that a capsule moves with, or {@link ChainLink#FIXED}. */
  public static int linkOf(Robot robot, Capsule capsule) {
    int found = ChainLink.FIXED;
    for (int i = 0; capsule.joint() != ChainLink.FIXED && i < robot.chain().size(); i++) {
      if (robot.chain().get(i).joint() == capsule.joint()) {
        found = i;
      }
    }
    return found;
  }

  /**
   * The least distance between the surfaces of two bodies that have to stay apart; below 0 where
   * they reach into each other.
   *
   * @param positions joint positions in command order, rad or m
   * @return m; infinite if there are no such bodies
   */
  public double of(double[] positions) {
    chain.frames(positions, frames);
    for (int c = 0; c < capsules; c++) {
      place(c, 0);
      place(c, 3);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int p = 0; p < pairs.length; p += 2) {
      int a = pairs[p];
      int b = pairs[p + 1];
      double apart = Math.sqrt(segmentsSquared(placed, 6 * a, 6 * b)) - radius[a] - radius[b];
      least = Math.min(least, apart);
    }
    return least;
  }

  private void place(int capsule, int end) {
    int at = 6 * capsule + end;
    if (frameOf[capsule] == ChainLink.FIXED) {
      System.arraycopy(local, at, placed, at, 3);
      return;
    }
    int frame = frameOf[capsule] * SerialChain.FRAME;
    for (int row = 0; row < 3; row++) {
      placed[at + row] =
          frames[frame + 9 + row]
              + frames[frame + 3 * row] * local[at]
              + frames[frame + 3 * row + 1] * local[at + 1]
              + frames[frame + 3 * row + 2] * local[at + 2];
    }
  }

  /**
   * The squared distance of two segments, each six numbers in {@code s}: Ericson, Real-Time
   * Collision Detection (2005), 5.1.9.
   */
  static double segmentsSquared(double[] s, int p, int q) {
    double d1x = s[p + 3] - s[p];
    double d1y = s[p + 4] - s[p + 1];
    double d1z = s[p + 5] - s[p + 2];
    double d2x = s[q + 3] - s[q];
    double d2y = s[q + 4] - s[q + 1];
    double d2z = s[q + 5] - s[q + 2];
    double rx = s[p] - s[q];
    double ry = s[p + 1] - s[q + 1];
    double rz = s[p + 2] - s[q + 2];
    double a = d1x * d1x + d1y * d1y + d1z * d1z;
    double e = d2x * d2x + d2y * d2y + d2z * d2z;
    double c = d1x * rx + d1y * ry + d1z * rz;
    double f = d2x * rx + d2y * ry + d2z * rz;
    double b = d1x * d2x + d1y * d2y + d1z * d2z;
    double denominator = a * e - b * b; // 0 where they are parallel: any point of the first does
    double u = denominator > 0 ? clamp((b * f - c * e) / denominator) : 0;
    double v = e > 0 ? (b * u + f) / e : 0;
    if (v < 0 || v > 1) {
      v = clamp(v);
      u = a > 0 ? clamp((b * v - c) / a) : 0;
    } else if (e == 0) {
      u = a > 0 ? clamp(-c / a) : 0;
    }
    double x = rx + u * d1x - v * d2x;
    double y = ry + u * d1y - v * d2y;
    double z = rz + u * d1z - v * d2z;
    return x * x + y * y + z * z;
  }

  private static double clamp(double share) {
    return Math.clamp(share, 0.0, 1.0);
  }
}
