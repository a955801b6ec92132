package dev.forearm.viewer.scene;

import org.joml.Matrix4f;
import org.joml.Quaternionf;
import org.joml.Vector3f;

/**
 * All points within a radius of a box: with a box that is only a line a capsule, with a small
 * radius a box with soft edges.
 *
 * @param pose of the box's centre in the base frame
 * @param core half the box's lengths along its axes, m
 * @param radius m
 * @param colour packed
 */
public record Solid(Matrix4f pose, Vector3f core, float radius, int colour) {
  private static final Vector3f ALONG = new Vector3f(0, 0, 1);

  /** A capsule between two points. */
  static Solid capsule(Vector3f from, Vector3f to, double radius, int colour) {
    Vector3f way = to.sub(from, new Vector3f());
    float length = way.length();
    Quaternionf turn =
        length > 0 ? new Quaternionf().rotationTo(ALONG, way.div(length)) : new Quaternionf();
    return new Solid(
        new Matrix4f().translation(from.lerp(to, 0.5f, new Vector3f())).rotate(turn),
        new Vector3f(0, 0, length / 2),
        (float) radius,
        colour);
  }

  /**
   * A cube with soft edges.
   *
   * @param half of its edge, m
   */
  public static Solid cube(Vector3f centre, Quaternionf turn, double half, int colour) {
    float radius = (float) (0.15 * half);
    return new Solid(
        new Matrix4f().translation(centre).rotate(turn),
        new Vector3f((float) half - radius),
        radius,
        colour);
  }

  /**
   * A square plate with soft edges that lies on a point.
   *
   * @param half of its side, m
   */
  static Solid plate(Vector3f under, double half, double height, int colour) {
    float radius = (float) height / 4;
    return new Solid(
        new Matrix4f().translation(under).translate(0, 0, (float) height / 2),
        new Vector3f((float) half - radius, (float) half - radius, radius),
        radius,
        colour);
  }

  /** A ball. */
  public static Solid ball(Vector3f centre, double radius, int colour) {
    return capsule(centre, centre, radius, colour);
  }
}
