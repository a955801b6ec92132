package dev.forearm.ros.tf;

import dev.forearm.ros.msg.geometry_msgs.Transform;

/**
 * Where one frame stands in another, in storage that is reused: maps coordinates of the inner frame
 * to the outer one's. Metres; the rotation is a unit quaternion. One thread's.
 */
public final class FrameTransform {
  /** Numbers that a transform is stored as: x y z and qw qx qy qz. */
  static final int WIDTH = 7;

  /** Below this sine of half the angle between two rotations, their mean is a straight line's. */
  private static final double SLERP_SINE_MIN = 1e-9;

  private double x;
  private double y;
  private double z;
  private double qw = 1;
  private double qx;
  private double qy;
  private double qz;
  private long stampNanos;

  /** When it holds, ROS time; 0 of what always does. */
  public long stampNanos() {
    return stampNanos;
  }

  void stamp(long nanos) {
    stampNanos = nanos;
  }

  void setIdentity() {
    x = 0;
    y = 0;
    z = 0;
    qw = 1;
    qx = 0;
    qy = 0;
    qz = 0;
  }

  /** Takes over a message's numbers, the rotation scaled to length 1. */
  void set(Transform.Buffer that) {
    x = that.translation.x;
    y = that.translation.y;
    z = that.translation.z;
    qw = that.rotation.w;
    qx = that.rotation.x;
    qy = that.rotation.y;
    qz = that.rotation.z;
    normalise();
  }

  /** Reads {@link #WIDTH} numbers. */
  void load(double[] from, int at) {
    x = from[at];
    y = from[at + 1];
    z = from[at + 2];
    qw = from[at + 3];
    qx = from[at + 4];
    qy = from[at + 5];
    qz = from[at + 6];
  }

  /** Writes {@link #WIDTH} numbers: x y z in m and qw qx qy qz. */
  public void store(double[] to, int at) {
    to[at] = x;
    to[at + 1] = y;
    to[at + 2] = z;
    to[at + 3] = qw;
    to[at + 4] = qx;
    to[at + 5] = qy;
    to[at + 6] = qz;
  }

  void store(Transform.Buffer to) {
    to.translation.x = x;
    to.translation.y = y;
    to.translation.z = z;
    to.rotation.w = qw;
    to.rotation.x = qx;
    to.rotation.y = qy;
    to.rotation.z = qz;
  }

  /**
   * Between two times: translation along a straight line, rotation along the shorter arc (slerp).
   *
   * @param share 0 gives this, 1 gives {@code later}
   */
  void interpolate(FrameTransform later, double share) {
    x += share * (later.x - x);
    y += share * (later.y - y);
    z += share * (later.z - z);
    double cosine = qw * later.qw + qx * later.qx + qy * later.qy + qz * later.qz;
    double sign = cosine < 0 ? -1 : 1;
    double half = Math.acos(Math.min(1, sign * cosine));
    double sine = Math.sin(half);
    double here = sine < SLERP_SINE_MIN ? 1 - share : Math.sin((1 - share) * half) / sine;
    double there = sign * (sine < SLERP_SINE_MIN ? share : Math.sin(share * half) / sine);
    qw = here * qw + there * later.qw;
    qx = here * qx + there * later.qx;
    qy = here * qy + there * later.qy;
    qz = here * qz + there * later.qz;
    normalise();
  }

  /** This, seen from where {@code outer} leads: outer after this. */
  void precede(FrameTransform outer) {
    rotate(outer);
    x += outer.x;
    y += outer.y;
    z += outer.z;
    double w = outer.qw * qw - outer.qx * qx - outer.qy * qy - outer.qz * qz;
    double i = outer.qw * qx + outer.qx * qw + outer.qy * qz - outer.qz * qy;
    double j = outer.qw * qy + outer.qy * qw + outer.qz * qx - outer.qx * qz;
    double k = outer.qw * qz + outer.qz * qw + outer.qx * qy - outer.qy * qx;
    qw = w;
    qx = i;
    qy = j;
    qz = k;
  }

  /** From the outer frame to the inner one. */
  void invert() {
    qx = -qx;
    qy = -qy;
    qz = -qz;
    x = -x;
    y = -y;
    z = -z;
    rotate(this);
  }

  /**
   * Takes a pose from the inner frame to the outer one.
   *
   * @param pose holds x y z in m and qw qx qy qz; changed in place
   * @param scratch for the pose
   */
  public void apply(double[] pose, FrameTransform scratch) {
    scratch.load(pose, 0);
    scratch.precede(this);
    scratch.store(pose, 0);
  }

  /** Turns this one's translation, p + 2 q x (q x p + w p). */
  private void rotate(FrameTransform by) {
    double tx = 2 * (by.qy * z - by.qz * y);
    double ty = 2 * (by.qz * x - by.qx * z);
    double tz = 2 * (by.qx * y - by.qy * x);
    double px = x + by.qw * tx + by.qy * tz - by.qz * ty;
    double py = y + by.qw * ty + by.qz * tx - by.qx * tz;
    z += by.qw * tz + by.qx * ty - by.qy * tx;
    x = px;
    y = py;
  }

  private void normalise() {
    double length = Math.sqrt(qw * qw + qx * qx + qy * qy + qz * qz);
    qw /= length;
    qx /= length;
    qy /= length;
    qz /= length;
  }
}
